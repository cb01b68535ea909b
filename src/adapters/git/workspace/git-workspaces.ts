/** The workspaces port: disposable clones in a folder of ours, borrowing the repository's objects read-only. */
import { mkdirSync, statfsSync } from "node:fs";
import { cp, lstat, mkdir, readdir, readlink, realpath, rm, symlink } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { type Failure, failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import type { Workspace, WorkspaceRequest, Workspaces } from "../../../core/ports/workspace.ts";
import { runGit } from "../git.ts";
import { type Engine, engineIn } from "../repository/engine.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";
import { editWorkspace } from "./edit-workspace.ts";
import { GitWorkspace } from "./git-workspace.ts";
import { homeProblem } from "./home-problem.ts";
import { PrivateDesk } from "./private-desk.ts";
import { removeFolder } from "./remove-folder.ts";
import { WorkspaceFolders } from "./workspace-folders.ts";
import { makeWorkspaceGit } from "./workspace-git.ts";

/**
 * Workspaces live at `<home>/workspaces/<run_id>/<name>`, logs at `<home>/logs/<run_id>/<name>.log`; creating a
 * workspace either gives a whole one or leaves nothing.
 */
export function gitWorkspaces(location: RepositoryLocation, home: string, minFreeMb = 0): Workspaces {
  const locate = (run_id: string, name: string): { folder: string; log_file: string } => {
    return { folder: join(home, "workspaces", run_id, name), log_file: join(home, "logs", run_id, `${name}.log`) };
  };
  const source: Source = { location, engine: engineIn(home, location.root) };
  const deskOf = (run_id: string, name: string): string => join(home, "desks", run_id, name);
  return {
    locate,
    directoryOf: (run_id, name) => join(locate(run_id, name).folder, "tree"),
    homeProblem: () => homeProblem(home),
    roomProblem: () => roomProblem(home, minFreeMb),
    async create(request: WorkspaceRequest, signal: AbortSignal): Promise<Result<Workspace>> {
      const { folder, log_file } = locate(request.run_id, request.name);
      const places = { folder, log_file, desk: deskOf(request.run_id, request.name) };
      try {
        signal.throwIfAborted();
        const [stays] = await clear(places);
        if (stays !== undefined) return err(failure("workspace_failed", stays, "remove it by hand"));
        const full = roomProblem(home, minFreeMb);
        if (full !== undefined) return err(full);
        await mkdir(dirname(log_file), { recursive: true, mode: 0o700 });
        return ok(await createWorkspace(source, places, request));
      } catch (error) {
        await clear(places);
        if (signal.aborted)
          return err(failure("cancelled", "the run was cancelled", "start it again with `forkjoin resume`"));
        const cause = error instanceof Error ? error.message : String(error);
        return err(failure("workspace_failed", `workspace ${folder}: ${cause}`, cureOf(cause, { home, location })));
      }
    },
    async reopen({ run_id, name, base }): Promise<Result<Workspace>> {
      const { folder, log_file } = locate(run_id, name);
      try {
        const places = { folder, log_file, desk: deskOf(run_id, name) };
        const desk = new PrivateDesk(places.desk, location, source.engine);
        const folders = await WorkspaceFolders.recalled(folder, desk);
        const workspace = await workspaceIn(places, { request: { name, base }, folders }, source);
        await workspace.recall();
        return ok(workspace);
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        const hint = "what was in it cannot be judged; the task is tried again";
        return err(failure("workspace_failed", `workspace ${folder} cannot be reopened: ${cause}`, hint));
      }
    },
    edit: ({ run_id, name }, edits) => {
      return editWorkspace(
        locate(run_id, name).folder,
        new PrivateDesk(deskOf(run_id, name), location, source.engine),
        edits,
      );
    },
    async reap(run_id, keep = []) {
      const left = [];
      for (const place of ["workspaces", "desks"]) left.push(...(await reapAllBut(join(home, place, run_id), keep)));
      return left;
    },
  };
}

/** One cure for each cause. */
function cureOf(cause: string, { home, location }: { home: string; location: RepositoryLocation }): string {
  if (/ENOSPC|EDQUOT|No space left|quota exceeded/i.test(cause)) {
    return `make room where ${home} is (\`forkjoin clean\`), or set FORKJOIN_HOME to another folder`;
  }
  if (/unable to read|missing (blob|tree)|bad object|not our ref|promisor|object file/i.test(cause)) {
    return `${location.root} lacks objects of this commit: \`git fsck\` there names them, \`git fetch --refetch\` brings them`;
  }
  if (/EACCES|EPERM|EROFS|[Pp]ermission denied|Read-only file system/.test(cause)) {
    return `see that everything below ${home} may be written, or set FORKJOIN_HOME to another folder`;
  }
  if (/ENAMETOOLONG|[Ff]ile name too long/.test(cause))
    return `set FORKJOIN_HOME to a folder with a shorter path than ${home}`;
  if (/EMFILE|ENFILE|[Tt]oo many open files/.test(cause))
    return "raise the number of open files (`ulimit -n`), or lower --max-parallel";
  return `look at what the message names; the workspaces are below ${home}, \`forkjoin doctor\` tries them`;
}

/** A disk that runs full in the middle of the work costs more than a task that does not begin. */
function roomProblem(home: string, minFreeMb: number): Failure | undefined {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(home);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free >= minFreeMb) return undefined;
  const hint = `make room where ${home} is (\`forkjoin clean\`), or lower min_free_mb; then \`forkjoin resume\` goes on with what is left`;
  return failure("workspace_failed", `nothing starts: only ${free} MB are free, and min_free_mb is ${minFreeMb}`, hint);
}

async function clear({ folder, desk }: Omit<Places, "log_file">): Promise<string[]> {
  const left = [await removeFolder(folder), await removeFolder(desk)];
  return left.filter((problem) => problem !== undefined);
}

/** Workspaces are named `<task>/<attempt>`, or are single folders. */
async function reapAllBut(folder: string, keep: string[]): Promise<string[]> {
  const left: (string | undefined)[] = [];
  if (keep.length === 0) left.push(await removeFolder(folder));
  const tasks = keep.length === 0 ? [] : await readdir(folder).catch(() => []);
  for (const task of tasks) {
    const kept = keep.filter((name) => name.startsWith(`${task}/`));
    const attempts = kept.length === 0 ? [] : await readdir(join(folder, task)).catch(() => []);
    if (kept.length === 0) left.push(await removeFolder(join(folder, task)));
    for (const attempt of attempts.filter((name) => !kept.includes(`${task}/${name}`))) {
      left.push(await removeFolder(join(folder, task, attempt)));
    }
  }
  return left.filter((problem) => problem !== undefined);
}

/** Where the two folders of a workspace are: the agent's, and Forkjoin's own about it; and the log that outlives both. */
interface Places {
  folder: string;
  desk: string;
  log_file: string;
}

/** Source that workspaces read from. */
interface Source {
  location: RepositoryLocation;
  engine: Engine;
}

async function createWorkspace(source: Source, places: Places, request: WorkspaceRequest): Promise<Workspace> {
  const { folder } = places;
  const directory = join(folder, "tree");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const desk = new PrivateDesk(places.desk, source.location, source.engine);
  const folders = await WorkspaceFolders.made(folder, desk);
  const made = { ...source, branch: branchOf(request.name), base: request.base };
  const lent = await makeWorkspaceGit(join(directory, ".git"), made);
  await desk.keep(
    "lent-branches",
    lent.flatMap(({ name, commit }) => (name.startsWith("refs/heads/") ? [commit] : [])),
  );
  const place = { cwd: directory, gitDir: join(directory, ".git"), workTree: directory };
  await runGit(place, ["read-tree", "-u", "--reset", request.base]);
  await copyIgnored(source.location.root, directory, request.copy);
  return workspaceIn(places, { request, folders }, source);
}

function branchOf(name: string): string {
  return `forkjoin-${name.replaceAll("/", "-")}`;
}

async function workspaceIn(
  { folder, desk, log_file }: Places,
  { request: { name, base }, folders }: { request: { name: string; base: string }; folders: WorkspaceFolders },
  source: Source,
): Promise<GitWorkspace> {
  const root = join(await realpath(dirname(folder)), basename(folder), "tree");
  const planted = log_file.replace(/\.log$/, ".git");
  const parts = { ...source, root, folder, folders, base, branch: branchOf(name), planted };
  return new GitWorkspace({ ...parts, desk: new PrivateDesk(desk, source.location, source.engine) });
}

/** Ignored files the operator wants in every workspace (`copy:`); what is not there, or leads out of the checkout, is left out. */
async function copyIgnored(root: string, directory: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    const source = await realpath(join(root, path)).catch(() => undefined);
    if (source === undefined) continue;
    const inside = relative(root, source);
    if (inside.startsWith("..") || isAbsolute(inside) || (await lstat(join(root, path))).isSymbolicLink()) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await rm(join(directory, path), { recursive: true, force: true });
    await cp(source, join(directory, path), { recursive: true, verbatimSymlinks: true });
    await bringLinksOver(join(directory, path), { from: root, to: directory });
  }
}

/** Absolute links into the checkout lead into the copy instead: the checkout is not there for an agent. */
async function bringLinksOver(folder: string, { from, to }: { from: string; to: string }): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isSymbolicLink())) {
    const link = join(entry.parentPath, entry.name);
    const target = await readlink(link);
    const inside = isAbsolute(target) ? relative(from, target) : "..";
    if (inside.startsWith("..") || isAbsolute(inside)) continue;
    await rm(link);
    await symlink(relative(dirname(link), join(to, inside)), link);
  }
}
