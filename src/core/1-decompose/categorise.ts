/** Phase 1.3 — put each task into one of the specification's five categories, from the files it names. */
import { exactPaths } from "../boundary/scope.ts";
import { splitSymbol } from "../model/scope-pattern.ts";
import type { Category, TaskInput } from "../model/task.ts";

const TEST = /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.[^/]+$|(^|\/)test_[^/]+\.py$|_test\.(go|py|rb)$/i;
const DOCUMENTATION = /(^|\/)docs?\/|\.(md|mdx|rst|adoc)$|(^|\/)(?!requirements|constraints|cmakelists)[^/]*\.txt$/i;
const CONFIGURATION =
  /(^|\/)(package\.json|tsconfig[^/]*\.json|package-lock\.json|Dockerfile|Makefile|(requirements|constraints)[^/]*\.txt|CMakeLists\.txt|\.git(ignore|attributes)|\.(editorconfig|dockerignore)|\.[^/]+rc(\.[a-z]+)?|\.env[^/]*)$|\.(ya?ml|toml|ini|cfg|conf|properties)$|(^|\/)\.(github|gitlab|circleci)\//i;

/** The category all files agree on; a task whose exact files are all new is a creation, everything else a modification. */
export function categorise(task: TaskInput, baseFiles: Map<string, unknown>): Category {
  const paths = task.files.map((entry) => splitSymbol(entry)[0]);
  const all = (pattern: RegExp): boolean => paths.length > 0 && paths.every((path) => pattern.test(path));
  if (all(TEST)) return "test";
  if (all(DOCUMENTATION)) return "documentation";
  if (all(CONFIGURATION)) return "configuration";
  const exact = exactPaths(task.files);
  const creates = exact.length > 0 && exact.length === paths.length && exact.every((path) => !baseFiles.has(path));
  return creates ? "creation" : "modification";
}
