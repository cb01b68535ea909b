/** Phase 1 validation — each task has a declared file scope, and nothing in it is content that Forkjoin cannot carry. */
import { ancestorsOf, parseScope, scopeContains } from "../boundary/scope.ts";
import type { Problem } from "../model/failure.ts";
import type { NamedTask } from "./read-tasks.ts";

const SUBMODULE = "160000";
const SUBMODULE_SAYS = "is a submodule, whose content lives in another repository";
const LFS_SAYS = "is kept by git-lfs, whose content is not in this repository";

/** The base commit's content by what a scope entry may meet there. */
interface Base {
  /** files without submodules */
  files: Set<string>;
  folders: Set<string>;
  submodules: Set<string>;
  lfs: string[];
}

export function scopeProblems(
  tasks: NamedTask[],
  baseFiles: Map<string, { mode: string }>,
  lfsPaths: Set<string>,
): Problem[] {
  const base = baseOf(baseFiles, lfsPaths);
  return tasks.flatMap((task) => [
    ...missingScope(task),
    ...task.files.flatMap((entry) => scopeKind(task, entry, base)),
    ...carried(task, submodulesOf(task, base), { code: "unsupported_submodule", says: SUBMODULE_SAYS }),
    ...carried(task, contained(task, base.lfs), { code: "unsupported_lfs", says: LFS_SAYS }),
  ]);
}

function baseOf(baseFiles: Map<string, { mode: string }>, lfsPaths: Set<string>): Base {
  const base: Base = { files: new Set(), folders: new Set(), submodules: new Set(), lfs: [...lfsPaths] };
  for (const [path, { mode }] of baseFiles) {
    (mode === SUBMODULE ? base.submodules : base.files).add(path);
    for (const folder of ancestorsOf(path)) base.folders.add(folder);
  }
  return base;
}

function missingScope(task: NamedTask): Problem[] {
  if (task.files.length > 0 || task.access !== "write") return [];
  const message = `task ${task.id}: files is empty, so the task could change nothing`;
  const fix = "declare the paths it may change, or set access: read_only";
  return [{ task_id: task.id, field: "files", code: "missing_scope", message, fix }];
}

/**
 * `src/a.ts/**` where src/a.ts is a file, or `src` where src is a folder: the scope would contain nothing. A path below a
 * file can only be made by a task that may remove that file.
 */
function scopeKind(task: NamedTask, entry: string, { files, folders }: Base): Problem[] {
  const { kind, path } = parseScope(entry);
  if (kind === "tree" && files.has(path)) return [mistaken(task, entry, "is a file, not a folder", `write ${path}`)];
  if (kind === "file" && folders.has(path)) return [mistaken(task, entry, "is a folder", `write ${path}/**`)];
  const above = ancestorsOf(path).find((folder) => files.has(folder));
  if (above === undefined || task.files.includes(above)) return [];
  const fix = `write ${above}, or list it too if the task replaces that file by a folder`;
  return [mistaken(task, entry, `lies below ${above}, which is a file`, fix)];
}

function mistaken(task: NamedTask, entry: string, says: string, fix: string): Problem {
  const message = `task ${task.id}: files entry ${JSON.stringify(entry)} ${says}`;
  return { task_id: task.id, field: "files", code: "scope_kind", message, fix };
}

/** Submodules in the scope, and those the scope lies in. */
function submodulesOf(task: NamedTask, { submodules }: Base): string[] {
  const around = task.files.flatMap((entry) => {
    const { path } = parseScope(entry);
    return [...ancestorsOf(path), path].filter((folder) => submodules.has(folder));
  });
  return [...new Set([...contained(task, [...submodules]), ...around])].sort();
}

function contained(task: NamedTask, paths: string[]): string[] {
  const scopes = task.files.map(parseScope);
  return paths.filter((path) => scopes.some((scope) => scopeContains(scope, path)));
}

function carried(task: NamedTask, paths: string[], { code, says }: { code: string; says: string }): Problem[] {
  if (task.access !== "write") return [];
  return paths.slice(0, 5).map((path) => ({
    task_id: task.id,
    field: "files",
    code,
    message: `task ${task.id}: ${path} ${says}`,
    fix: "leave it out of the task's scope",
  }));
}
