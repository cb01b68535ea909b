/** Syntax of a scope entry: an exact POSIX path, `dir/**`, or `path#symbol`; never outside the repository, never `.git`. */
import { z } from "zod";

export const MAX_SCOPE_LENGTH = 256;
export const MAX_SCOPE_ENTRIES = 200;

/** Control characters, half surrogates, line separators, and marks that make a path read differently from what it is. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
/** Names that git and the file systems of Windows and macOS take for `.git`, once characters they ignore are left out. */
const GIT_DIRECTORY = /^(\.git[ .]*(:.*)?|git~\d+)$/i;
const IGNORED_IN_NAMES = /\p{Cf}/gu;
/** Glob syntax. A bracket pair alone is none: `app/[id]/page.tsx` is a file's name. */
const WILDCARD = /[*?]|^!|\{[^}]*,[^}]*\}|\[[!^]|\[.-.\]/u;

/** A name that cannot be shown as it is: on one line, in the order it is read. */
export function isUnprintable(path: string): boolean {
  return UNPRINTABLE.test(path);
}

/** The name itself where it can be shown as it is, else as a JSON string in which nothing is hidden. */
export function quotedName(path: string): string {
  if (!isUnprintable(path)) return path;
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(path).replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, escaped);
}

/** Why `path` cannot name a file of a repository, or undefined when it can. */
export function pathProblem(path: string): string | undefined {
  if (path.length === 0) return "is empty";
  if (path.length > MAX_SCOPE_LENGTH) return `is longer than ${MAX_SCOPE_LENGTH} characters`;
  if (UNPRINTABLE.test(path)) return "contains a control character";
  if (path.includes("\\")) return "contains a backslash; write POSIX paths with /";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute; write it relative to the repository's root";
  if (path.startsWith("~")) return "starts with ~; write it relative to the repository's root";
  if (path.startsWith("-")) return "starts with -, which programs read as an option";
  if (path.normalize("NFC") !== path) return "is not in Unicode normal form NFC";
  const segments = path.split("/");
  if (segments.some((segment) => /^\.\. *$/.test(segment))) return "leaves the repository with ..";
  if (segments.some((segment) => segment === "" || segment === ".")) return "has an empty or `.` segment";
  if (segments.some(isGitDirectory)) return "names git's own directory";
  return undefined;
}

function isGitDirectory(segment: string): boolean {
  return GIT_DIRECTORY.test(segment.replace(IGNORED_IN_NAMES, ""));
}

/** Why `entry` is not a scope entry, or undefined when it is one. */
export function scopePatternProblem(entry: string): string | undefined {
  const [path = "", symbol] = splitSymbol(entry);
  if (symbol !== undefined && !/^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(symbol))
    return "names a symbol that is no identifier";
  if (symbol !== undefined && path.endsWith("**")) return "names a symbol of a folder; a symbol belongs to one file";
  const base = path === "**" ? "all" : path.replace(/\/\*\*$/, "");
  if (WILDCARD.test(base)) return "uses a wildcard other than a final /**; list exact paths or whole folders";
  return pathProblem(base);
}

/** `src/a.ts#parse` → [`src/a.ts`, `parse`]; without a symbol the second is undefined. The folder `C#/` holds no symbol. */
export function splitSymbol(entry: string): [string, string | undefined] {
  const at = entry.lastIndexOf("#");
  return at <= 0 || entry.includes("/", at) ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}

export const ScopePattern: z.ZodType<string> = z.string().superRefine((entry, context) => {
  const problem = scopePatternProblem(entry);
  if (problem !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(entry)} ${problem}` });
});
