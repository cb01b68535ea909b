/** Phase 1.3 — put each task into one of the specification's five categories, from the files it names. */
import { exactPaths } from "../boundary/scope.ts";
import { splitSymbol } from "../model/scope-pattern.ts";
import type { Category, TaskInput } from "../model/task.ts";
import { CONFIGURATION_PATH, DOCUMENTATION_PATH, TEST_PATH } from "./file-kinds.ts";

/** The category all files agree on; a task whose exact files are all new is a creation, everything else a modification. */
export function categorise(task: TaskInput, baseFiles: Map<string, unknown>): Category {
  const paths = task.files.map((entry) => splitSymbol(entry)[0]);
  const all = (pattern: RegExp): boolean => paths.length > 0 && paths.every((path) => pattern.test(path));
  if (all(TEST_PATH)) return "test";
  if (all(DOCUMENTATION_PATH)) return "documentation";
  if (all(CONFIGURATION_PATH)) return "configuration";
  const exact = exactPaths(task.files);
  const creates = exact.length > 0 && exact.length === paths.length && exact.every((path) => !baseFiles.has(path));
  return creates ? "creation" : "modification";
}
