/** Phase 1 validation — each task has a declared file scope, and nothing in it is content that Forkjoin cannot carry. */
import { ancestorsOf, parseScope, scopeContains } from "../boundary/scope.ts";
import type { Problem } from "../model/failure.ts";
import { type Links, resolved } from "./links.ts";
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
  links: Links;
  /** paths with accents in their other Unicode form, by the usual one */
  forms: Map<string, string>;
}

export function scopeProblems(
  tasks: NamedTask[],
  baseFiles: Map<string, { mode: string }>,
  lfsPaths: Set<string>,
  links: Links = new Map(),
): Problem[] {
  const base = { ...baseOf(baseFiles, lfsPaths), links, forms: otherForms(baseFiles.keys()) };
  return tasks.flatMap((task) => [
    ...missingScope(task),
    ...task.files.flatMap((entry) => scopeKind(task, entry, base)),
    ...carried(task, submodulesOf(task, base), { code: "unsupported_submodule", says: SUBMODULE_SAYS }),
    ...carried(task, contained(task, base.lfs), { code: "unsupported_lfs", says: LFS_SAYS }),
  ]);
}

function baseOf(baseFiles: Map<string, { mode: string }>, lfsPaths: Set<string>): Omit<Base, "links" | "forms"> {
  const base: Omit<Base, "links" | "forms"> = {
    files: new Set(),
    folders: new Set(),
    submodules: new Set(),
    lfs: [...lfsPaths],
  };
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
function scopeKind(task: NamedTask, entry: string, { files, folders, links, forms }: Base): Problem[] {
  const { kind, path } = parseScope(entry);
  const formed = [...ancestorsOf(path), path].find((part) => forms.has(part) && !files.has(part) && !folders.has(part));
  if (formed !== undefined) return [mistaken(task, entry, ...inAnotherForm(formed, forms.get(formed) ?? ""))];
  const link = throughLink(task, entry, { files, folders, links });
  if (link !== undefined) return [link];
  if (kind === "tree" && files.has(path)) return [mistaken(task, entry, "is a file, not a folder", `write ${path}`)];
  if (kind === "file" && folders.has(path)) return [mistaken(task, entry, "is a folder", `write ${path}/**`)];
  const above = ancestorsOf(path).find((folder) => files.has(folder));
  if (above === undefined || task.files.includes(above)) return [];
  const fix = `write ${above}, or list it too if the task replaces that file by a folder`;
  return [mistaken(task, entry, `lies below ${above}, which is a file`, fix)];
}

/** Names that look the same and are not the same bytes: macOS used to write them so. */
function otherForms(paths: Iterable<string>): Map<string, string> {
  const forms = new Map<string, string>();
  for (const path of paths) {
    if (path.normalize("NFC") === path) continue;
    for (const part of [...ancestorsOf(path), path]) {
      if (part.normalize("NFC") !== part) forms.set(part.normalize("NFC"), part);
    }
  }
  return forms;
}

function inAnotherForm(path: string, there: string): [says: string, fix: string] {
  const folder = ancestorsOf(path).at(-1) ?? "";
  const whole = folder === "" ? "**" : `${folder}/**`;
  const rename = `rename it: git mv ${JSON.stringify(there)} ${JSON.stringify(path)}`;
  return [
    `names ${path}, which differs from the name in the repository only in its Unicode form (NFD)`,
    `write ${whole}, or ${rename}`,
  ];
}

/** Content written to a link lands where it leads, which is another path: that one has to be declared. */
function throughLink(
  task: NamedTask,
  entry: string,
  { files, folders, links }: Pick<Base, "files" | "folders" | "links">,
): Problem | undefined {
  const { kind, path } = parseScope(entry);
  const target = resolved(path, links);
  if (target === undefined || task.access !== "write") return undefined;
  const isFolder = folders.has(target) && !files.has(target);
  const meant = isFolder || kind === "tree" ? (target === "" ? "**" : `${target}/**`) : target;
  if (links.has(path)) {
    const isDeclared = task.files
      .map(parseScope)
      .some((scope) => scopeContains(scope, isFolder ? `${target}/` : target));
    const isNowhere = !isFolder && !files.has(target);
    if (kind === "file" && (isDeclared || isNowhere)) return undefined;
    const fix =
      kind === "file"
        ? `write ${meant}; list ${path} beside it only if the link itself is to change`
        : `write ${meant}`;
    return mistaken(task, entry, `is a link to ${target}`, fix);
  }
  const above = ancestorsOf(path).find((folder) => links.has(folder)) ?? "";
  return mistaken(
    task,
    entry,
    `lies below ${above}, which is a link to ${resolved(above, links) ?? links.get(above)}`,
    `write ${meant}`,
  );
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
