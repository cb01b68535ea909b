/** What a scope entry may say: an exact POSIX path, `dir/**`, or `path#symbol`; never outside the repository, never `.git`. */
import { z } from "zod";

export const MAX_SCOPE_LENGTH = 256;
export const MAX_SCOPE_ENTRIES = 200;

const CONTROL = /\p{Cc}/u;
const GIT_DIRECTORY = /^(\.git[ .]*|git~\d+)$/i;

/** Why `path` cannot name a file of a repository, or undefined when it can. */
export function pathProblem(path: string): string | undefined {
  if (path.length === 0) return "is empty";
  if (path.length > MAX_SCOPE_LENGTH) return `is longer than ${MAX_SCOPE_LENGTH} characters`;
  if (CONTROL.test(path)) return "contains a control character";
  if (path.includes("\\")) return "contains a backslash; write POSIX paths with /";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute; write it relative to the repository's root";
  if (path.startsWith("~")) return "starts with ~; write it relative to the repository's root";
  if (path.normalize("NFC") !== path) return "is not in Unicode normal form NFC";
  const segments = path.split("/");
  if (segments.includes("..")) return "leaves the repository with ..";
  if (segments.some((segment) => segment === "" || segment === ".")) return "has an empty or `.` segment";
  if (segments.some((segment) => GIT_DIRECTORY.test(segment))) return "names git's own directory";
  return undefined;
}

/** Why `entry` is not a scope entry, or undefined when it is one. */
export function scopePatternProblem(entry: string): string | undefined {
  const [path = "", symbol] = splitSymbol(entry);
  if (symbol !== undefined && !/^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(symbol))
    return "names a symbol that is no identifier";
  const base = path === "**" ? "all" : path.replace(/\/\*\*$/, "");
  if (/[*?[\]{}!]/.test(base)) return "uses a wildcard other than a final /**; list exact paths or whole folders";
  return pathProblem(base);
}

/** `src/a.ts#parse` → [`src/a.ts`, `parse`]; without a symbol the second is undefined. */
export function splitSymbol(entry: string): [string, string | undefined] {
  const at = entry.lastIndexOf("#");
  return at <= 0 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
}

export const ScopePattern: z.ZodType<string> = z.string().superRefine((entry, context) => {
  const problem = scopePatternProblem(entry);
  if (problem !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(entry)} ${problem}` });
});
