/** Edits that a client sends instead of making them itself: written below the workspace's tree and nowhere else, through no link. */
import { chmodSync, lstatSync, mkdirSync, renameSync, type Stats, unlinkSync, writeFileSync } from "node:fs";
import type { Violation } from "../../../core/model/attempt.ts";
import { pathProblem } from "../../../core/model/scope-pattern.ts";
import type { FileEdit } from "../../../core/ports/workspace.ts";
import { isGitMetadata } from "./forbidden-change.ts";
import { type HeldFolder, holding } from "./held-folder.ts";
import type { PrivateDesk } from "./private-desk.ts";
import { ReplacedFolder, WorkspaceFolders } from "./workspace-folders.ts";

const FIX = "name a regular file by its path from the repository's root";
const EXECUTABLE = 0o111;

/** Carries out `edits` in the workspace in `folder`; what has no place there is left out and returned. */
export async function editWorkspace(folder: string, desk: PrivateDesk, edits: FileEdit[]): Promise<Violation[]> {
  const refused: Violation[] = [];
  const folders = await WorkspaceFolders.recalled(folder, desk).catch(unlessReplaced);
  if (folders instanceof ReplacedFolder) return edits.map(({ path }) => ({ path, rule: folders.message, fix: FIX }));
  for (const edit of edits) {
    const draft = await desk.fresh("edit");
    const rule = edited(folders, draft, edit);
    if (rule !== undefined) refused.push({ path: edit.path, rule, fix: FIX });
  }
  return refused;
}

function unlessReplaced(error: unknown): ReplacedFolder {
  if (error instanceof ReplacedFolder) return error;
  throw error;
}

/** Why the edit was not made, if so. */
function edited(folders: WorkspaceFolders, draft: string, edit: FileEdit): string | undefined {
  const problem = pathProblem(edit.path) ?? (isGitMetadata(edit.path) ? "names git's own directory" : undefined);
  if (problem !== undefined) return problem;
  const names = edit.path.split("/");
  const name = names.pop() ?? "";
  using tree = folders.tree();
  const parent = reached(tree, names, edit.delete === true);
  if (parent === undefined) return undefined;
  if (typeof parent === "string") return parent;
  return holding(tree, names.join("/"), (inner) => put(`${inner.path}/${name}`, draft, edit));
}

/** The folders on the way, made where they are missing. Undefined where there is nothing to delete; a reason where one is no folder. */
function reached(tree: HeldFolder, names: string[], isDeletion: boolean): true | string | undefined {
  for (const [index, name] of names.entries()) {
    const above = names.slice(0, index).join("/");
    const there = holding(tree, above, (folder) => {
      const entry = entryOf(`${folder.path}/${name}`);
      if (entry !== undefined || isDeletion) return entry;
      mkdirSync(`${folder.path}/${name}`);
      return entryOf(`${folder.path}/${name}`);
    });
    if (there === undefined) return undefined;
    if (!there.isDirectory()) return `leads through ${names.slice(0, index + 1).join("/")}, which is no folder`;
  }
  return true;
}

function entryOf(place: string): Stats | undefined {
  return lstatSync(place, { throwIfNoEntry: false });
}

/** Replaced as a whole: another name of the same file, such as a hard link, keeps its content. */
function put(target: string, draft: string, edit: FileEdit): string | undefined {
  const there = entryOf(target);
  if (there?.isDirectory()) return "is a folder";
  if (edit.delete === true) {
    if (there !== undefined) unlinkSync(target);
    return undefined;
  }
  if (there !== undefined && !there.isFile())
    return "is a link or no regular file: content written there lands elsewhere";
  const isExecutable = there !== undefined && (there.mode & EXECUTABLE) !== 0;
  writeFileSync(draft, edit.content ?? "", { mode: 0o600 });
  chmodSync(draft, isExecutable ? 0o755 : 0o644);
  renameSync(draft, target);
  return undefined;
}
