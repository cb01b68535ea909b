/** Phase 1.1 — which files of the base commit a pattern is about: its globs, else what its kind stands for. */
import picomatch from "picomatch";
import { type Failure, failure } from "../../model/failure.ts";
import { err, ok, type Result } from "../../model/result.ts";
import { pathProblem } from "../../model/scope-pattern.ts";
import type { PatternKind, WorkPattern } from "../../model/work-pattern.ts";
import { DOCUMENT_FILE, TEST_FILE } from "../file-kinds.ts";

export interface Selectable {
  /** every tracked file, sorted; no submodules and links */
  paths: string[];
  isSource(path: string): boolean;
}

/** Sorted paths; an include that matches nothing is a mistake and fails, naming it. */
export function selectFiles({ kind, include }: WorkPattern, base: Selectable): Result<string[]> {
  const candidates = base.paths.filter((path) => pathProblem(path) === undefined);
  if (include.length === 0) {
    const found = candidates.filter((path) => isOfKind(kind, path, base));
    return found.length === 0 ? err(nothingOf(kind)) : ok(found);
  }
  const matchers = include.map((glob) => matcherOf(glob, candidates));
  const empty = include.find((_, index) => !candidates.some((path) => matchers[index]?.(path)));
  if (empty !== undefined) return err(matchesNothing(empty, candidates));
  const matched = candidates.filter((path) => matchers.some((matches) => matches(path)));
  const narrowed = kind === "test" || kind === "docs" ? matched.filter((path) => isOfKind(kind, path, base)) : matched;
  return ok(narrowed.length === 0 ? matched : narrowed);
}

/** A path as it stands is itself, whatever glob characters are in it; a folder stands for all that is below it. */
function matcherOf(entry: string, paths: string[]): (path: string) => boolean {
  const glob = entry.replace(/\/+$/, "");
  if (paths.includes(glob)) return (path) => path === glob;
  if (paths.some((path) => path.startsWith(`${glob}/`))) return (path) => path.startsWith(`${glob}/`);
  return picomatch(glob, { dot: true, noextglob: true });
}

function isOfKind(kind: PatternKind, path: string, { isSource }: Selectable): boolean {
  if (kind === "docs") return DOCUMENT_FILE.test(path);
  if (kind === "test") return TEST_FILE.test(path);
  return isSource(path) && !TEST_FILE.test(path);
}

function nothingOf(kind: PatternKind): Failure {
  const what = { docs: "document", test: "test file", file: "source file", module: "source file" }[kind];
  return failure(
    "invalid_tasks",
    `pattern.kind ${kind}: the base commit has no ${what}`,
    'name the files in pattern.include, such as ["src/**/*.js"]',
  );
}

function matchesNothing(glob: string, paths: string[]): Failure {
  const tops = [...new Set(paths.map((path) => path.split("/")[0] ?? path))].slice(0, 12).join(", ");
  return failure(
    "invalid_tasks",
    `pattern.include ${JSON.stringify(glob)} matches no file of the base commit`,
    `globs are relative to the repository's root, whose entries are: ${tops}`,
  );
}
