/** Which language a file is in, by its name, and how deep it can be read. */
import type { KnownLanguage } from "../../core/ports/language-analyser.ts";

const SYMBOL = ["javascript", "typescript", "python", "go", "rust", "java"];

const EXTENSIONS: Record<string, string> = {
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "typescript",
  tsx: "typescript",
  mts: "typescript",
  cts: "typescript",
  py: "python",
  pyi: "python",
  go: "go",
  rs: "rust",
  java: "java",
  cs: "c-sharp",
  php: "php",
  rb: "ruby",
  cpp: "cpp",
  cc: "cpp",
  cxx: "cpp",
  hpp: "cpp",
  hh: "cpp",
  h: "cpp",
  c: "cpp",
};

/** Extensions of other languages, so that the answer can say what was not looked into. */
const FILE_ONLY: Record<string, string> = {
  kt: "kotlin",
  kts: "kotlin",
  swift: "swift",
  scala: "scala",
  dart: "dart",
  ex: "elixir",
  exs: "elixir",
  vue: "vue",
  svelte: "svelte",
  lua: "lua",
  zig: "zig",
  hs: "haskell",
  clj: "clojure",
  sh: "shell",
  sql: "sql",
};

export function languageOf(path: string): KnownLanguage | undefined {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (Object.hasOwn(EXTENSIONS, extension)) {
    const language = EXTENSIONS[extension] ?? "";
    return { language, depth: SYMBOL.includes(language) ? "symbol" : "definition" };
  }
  const language = Object.hasOwn(FILE_ONLY, extension) ? FILE_ONLY[extension] : undefined;
  return language === undefined ? undefined : { language, depth: "file" };
}
