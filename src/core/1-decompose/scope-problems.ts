/** Phase 1 validation — each task has a declared file scope, and nothing in it is content that Forkjoin cannot carry. */
import { parseScope, scopeContains } from "../boundary/scope.ts";
import type { Problem } from "../model/failure.ts";
import type { NamedTask } from "./read-tasks.ts";

const SUBMODULE = "160000";

export function scopeProblems(
  tasks: NamedTask[],
  baseFiles: Map<string, { mode: string }>,
  lfsPaths: Set<string>,
): Problem[] {
  const submodules = [...baseFiles].filter(([, entry]) => entry.mode === SUBMODULE).map(([path]) => path);
  return tasks.flatMap((task) => [
    ...missingScope(task),
    ...fileUsedAsFolder(task, baseFiles),
    ...carried(task, submodules, "submodule", "is a submodule, whose content lives in another repository"),
    ...carried(task, [...lfsPaths], "lfs", "is kept by git-lfs, whose content is not in this repository"),
  ]);
}

function missingScope(task: NamedTask): Problem[] {
  if (task.files.length > 0 || task.access !== "write") return [];
  const message = `task ${task.id}: files is empty, so the task could change nothing`;
  const fix = "declare the paths it may change, or set access: read_only";
  return [{ task_id: task.id, field: "files", code: "missing_scope", message, fix }];
}

/** `src/a.ts/**` where src/a.ts is a file, or `src` where src is a folder: the scope would contain nothing. */
function fileUsedAsFolder(task: NamedTask, baseFiles: Map<string, unknown>): Problem[] {
  return task.files.flatMap((entry) => {
    const scope = parseScope(entry);
    const isFile = baseFiles.has(scope.path);
    const isFolder = !isFile && [...baseFiles.keys()].some((path) => path.startsWith(`${scope.path}/`));
    if (scope.kind === "tree" && isFile) {
      return [mistaken(task, entry, "is a file, not a folder", `write ${scope.path}`)];
    }
    return scope.kind === "file" && isFolder ? [mistaken(task, entry, "is a folder", `write ${scope.path}/**`)] : [];
  });
}

function mistaken(task: NamedTask, entry: string, says: string, fix: string): Problem {
  const message = `task ${task.id}: files entry ${JSON.stringify(entry)} ${says}`;
  return { task_id: task.id, field: "files", code: "scope_kind", message, fix };
}

function carried(task: NamedTask, paths: string[], code: string, says: string): Problem[] {
  if (task.access !== "write") return [];
  const scopes = task.files.map(parseScope);
  return paths
    .filter((path) => scopes.some((scope) => scopeContains(scope, path)))
    .slice(0, 5)
    .map((path) => ({
      task_id: task.id,
      field: "files",
      code: `unsupported_${code}`,
      message: `task ${task.id}: ${path} ${says}`,
      fix: "leave it out of the task's scope",
    }));
}
