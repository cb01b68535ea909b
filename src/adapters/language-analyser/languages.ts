/** Which language a file is in, by its name, and how deep it can be read. */
import type { KnownLanguage } from "../../core/ports/language-analyser.ts";

/** Components in one file: markup with scripts in it. */
const COMPONENTS = ["vue", "svelte", "astro"];
const SYMBOL = ["javascript", "typescript", "python", "go", "rust", "java", ...COMPONENTS];

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
  vue: "vue",
  svelte: "svelte",
  astro: "astro",
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
  lua: "lua",
  zig: "zig",
  hs: "haskell",
  clj: "clojure",
  sh: "shell",
  sql: "sql",
};

export function isComponent(language: string): boolean {
  return COMPONENTS.includes(language);
}

export function languageOf(path: string): KnownLanguage | undefined {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (Object.hasOwn(EXTENSIONS, extension)) {
    const language = EXTENSIONS[extension] ?? "";
    return { language, depth: SYMBOL.includes(language) ? "symbol" : "definition" };
  }
  const language = Object.hasOwn(FILE_ONLY, extension) ? FILE_ONLY[extension] : undefined;
  return language === undefined ? undefined : { language, depth: "file" };
}
