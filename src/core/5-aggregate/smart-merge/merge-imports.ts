/** Phase 5.2 — import blocks: each side's additions and removals, statement by statement and name by name. */
import { linesOf } from "./regions.ts";

export interface ImportSides {
  base: string;
  ours: string;
  theirs: string;
  language: string;
  /** the text right before, which tells whether the lines stand inside a list of imports */
  before: string;
}

const STATEMENT: Record<string, RegExp> = {
  javascript: /^(import\s.+|(?:const|let|var)\s.+=\s*require\(["'][^"']+["']\));?\s*$/,
  python: /^(import\s+[\w., ]+|from\s+[\w.]+\s+import\s+[\w., *]+)\s*(#.*)?$/,
  go: /^\s*(import\s+)?([\w.]+\s+)?"[^"]+"\s*(\/\/.*)?$/,
  rust: /^(pub\s+)?use\s+[^;]+;\s*$/,
  java: /^import\s+[^;]+;\s*$/,
  cpp: /^#include\s+[<"].+[>"]\s*$/,
};

const OPENED: Record<string, RegExp> = {
  javascript: /(?:^|\n)import\s[^;'"]*\{[^}'"]*$/,
  python: /(?:^|\n)from\s+\S+\s+import\s*\([^)]*$/,
  go: /(?:^|\n)import\s*\([^)]*$/,
  rust: /(?:^|\n)(?:pub\s+)?use\s[^;]*\{[^}]*$/,
};
const LISTED = /^\s*(type\s+)?[\w$*]+(\s+as\s+[\w$]+)?,?\s*$/;

/** Undefined where anything but imports differs, or the two sides mean different things by one name. */
export function mergeImports(sides: ImportSides): string | undefined {
  const language = sides.language === "typescript" ? "javascript" : sides.language;
  const inList = OPENED[language]?.test(sides.before) === true && language !== "go";
  const pattern = inList ? LISTED : STATEMENT[language];
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(linesOf);
  if (pattern === undefined || base === undefined || ours === undefined || theirs === undefined) return undefined;
  const all = [...base, ...ours, ...theirs];
  if (!all.every((line) => line.trim() === "" || pattern.test(line.replace(/\r?\n$/, "")))) return undefined;
  const merged = mergeLists({ base, ours, theirs }, (line) => keyOf(line, { language, inList }));
  return merged === undefined || bindsTwice(merged, language) ? undefined : merged.join("");
}

interface Lists {
  base: string[];
  ours: string[];
  theirs: string[];
}

/** By key: theirs' removals and additions on ours. Two statements of one key are put together from their names. */
function mergeLists({ base, ours, theirs }: Lists, key: (line: string) => string): string[] | undefined {
  const find = (lines: string[], wanted: string): string | undefined => lines.find((line) => key(line) === wanted);
  const result: string[] = [];
  for (const line of ours) {
    const [was, their] = [find(base, key(line)), find(theirs, key(line))];
    if (their === undefined && was === line) continue;
    if (their === undefined && was !== undefined) return undefined;
    const together =
      their === undefined || their === line || was === their ? line : was === line ? their : joined(was, line, their);
    if (together === undefined) return undefined;
    result.push(together);
  }
  for (const [at, line] of theirs.entries()) {
    const [was, our] = [find(base, key(line)), find(ours, key(line))];
    if (our !== undefined || was === line) continue;
    if (was !== undefined) return undefined;
    const neighbour = theirs.slice(0, at).findLast((other) => result.some((present) => key(present) === key(other)));
    const place = neighbour === undefined ? 0 : result.findIndex((present) => key(present) === key(neighbour)) + 1;
    result.splice(neighbour === undefined ? result.length : place, 0, line);
  }
  return result;
}

const NAMED =
  /^(.*?(?:\{\s*|\bimport\s+))([\w$*]+(?:\s+as\s+[\w$]+)?(?:\s*,\s*(?:type\s+)?[\w$]+(?:\s+as\s+[\w$]+)?)*)(\s*,?\s*\}.*|\s*(?:#.*)?)(\r?\n)?$/;

/** Statements that import by name from the same place, as one with all their names. */
function joined(was: string | undefined, ours: string, theirs: string): string | undefined {
  const [old, first, second] = [was === undefined ? undefined : NAMED.exec(was), NAMED.exec(ours), NAMED.exec(theirs)];
  if (first === null || second === null || old === null) return undefined;
  if (first[1] !== second[1] || (first[3] ?? "").trim() !== (second[3] ?? "").trim()) return undefined;
  const names = (found: RegExpExecArray | undefined): string[] =>
    (found?.[2] ?? "").split(",").map((name) => name.trim());
  const before = new Set(old === undefined ? [] : names(old));
  const [our, their] = [names(first), names(second)];
  const kept = our.filter((name) => their.includes(name) || !before.has(name));
  const added = their.filter((name) => !our.includes(name) && !before.has(name));
  return `${first[1]}${[...kept, ...added].join(", ")}${first[3]}${first[4] ?? ""}`;
}

/** Key of a line, by which imports are compared: the module and the form of the statement; in a list the name itself. */
function keyOf(line: string, { language, inList }: { language: string; inList: boolean }): string {
  const text = line.trim().replace(/[;,]$/, "");
  if (inList || text === "") return text;
  if (language === "javascript") {
    const module = /["']([^"']+)["']/.exec(text)?.[1] ?? text;
    const named = /^import\s+(type\s+)?\{|=\s*require/.test(text);
    return named ? `${/^import\s+type/.test(text) ? "type " : ""}${module}` : text;
  }
  const from = language === "python" ? /^from\s+(\S+)/.exec(text)?.[1] : undefined;
  return from === undefined ? text : `from ${from}`;
}

/** One name for two things would be a mistake that no merge of lines shows. */
function bindsTwice(lines: string[], language: string): boolean {
  const names = lines.flatMap((line) => localNames(line, language));
  return new Set(names).size < names.length;
}

function localNames(line: string, language: string): string[] {
  if (language !== "javascript" && language !== "python") return [];
  const text = line
    .trim()
    .replace(/#.*$/, "")
    .replace(/\bfrom\s+["'].*$/, "")
    .replace(/=\s*require.*$/, "");
  const body =
    language === "python"
      ? text.replace(/^.*\bimport\b/, "")
      : text.replace(/^(import|const|let|var)\s+(type\s+)?/, "");
  return body
    .split(/[,{}]/)
    .map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+|\s*:\s*/)
          .at(-1)
          ?.trim() ?? "",
    )
    .filter((name) => /^[\w$]+$/.test(name));
}
