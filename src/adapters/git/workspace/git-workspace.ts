/** One attempt's workspace: what changed is read from disk, and what is committed goes through a git directory the agent never saw. */
import { rename } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Violation } from "../../../core/model/attempt.ts";
import type { TaskChange } from "../../../core/model/batch-results.ts";
import type { Limits, ReadLimits } from "../../../core/model/limits.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import {
  type CommitOrder,
  type FileChange,
  type Installed,
  MOVED_FIX,
  MOVED_RULE,
  NOTHING_INSTALLED,
  type Workspace,
} from "../../../core/ports/workspace.ts";
import { gitList, gitText, runGit } from "../git.ts";
import type { Engine } from "../repository/engine.ts";
import { publishCommit } from "../repository/publish-commit.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";
import { forbiddenChange, isGitMetadata } from "./forbidden-change.ts";
import type { HeldFolder } from "./held-folder.ts";
import { ignoredPaths } from "./ignored-paths.ts";
import {
  compareManifests,
  type Manifest,
  type ManifestDifference,
  type ManifestEntry,
  readManifest,
} from "./manifest.ts";
import type { PrivateDesk, StagedGit } from "./private-desk.ts";
import { readOutbox } from "./read-outbox.ts";
import { removeFolder } from "./remove-folder.ts";
import { keepSideWork } from "./side-work.ts";
import { stageFiles } from "./stage-files.ts";
import { changedBeside, changeNumbers, writePatch } from "./task-change.ts";
import { objectFolders, userFolders } from "./user-folders.ts";
import { isChange, looksAlike, SIZED } from "./what-counts.ts";
import { notAsked, stillWritten, unlessMissing, unreadable } from "./workspace-failures.ts";
import { folderIdentity, OUTBOX, type WorkspaceFolders } from "./workspace-folders.ts";
import { makeWorkspaceGit } from "./workspace-git.ts";
import { asNotes, fromNotes, type GitState, plantedIn, readGitState } from "./workspace-guard.ts";

export interface WorkspaceParts {
  root: string;
  folder: string;
  base: string;
  /** Forkjoin's own notes and its git directory for this workspace */
  desk: PrivateDesk;
  /** the folders it was made of, known by what they are */
  folders: WorkspaceFolders;
  location: RepositoryLocation;
  engine: Engine;
  branch: string;
  /** where what was planted in its git directory is kept */
  planted: string;
}

export class GitWorkspace implements Workspace {
  readonly directory: string;
  readonly folder: string;
  readonly hidden: string[];
  readonly borrowed: string[];
  readonly desk: string;
  readonly output_file: string;
  readonly scope_request_file: string;
  readonly #parts: WorkspaceParts;
  #installed: Installed = NOTHING_INSTALLED;
  /** folder of shared packages → which folder it was */
  #packages = new Map<string, string>();
  #shadow: StagedGit | undefined;
  #tracked: Set<string> = new Set();
  #before: Manifest = new Map();
  #gitBefore: GitState = { watched: new Map(), hidden: [] };
  #after: Manifest = new Map();

  constructor(parts: WorkspaceParts) {
    this.directory = parts.root;
    this.folder = parts.folder;
    this.desk = parts.desk.folder;
    const { location, engine } = parts;
    this.hidden = userFolders(location);
    this.borrowed = [...objectFolders(location.objects), engine.objects, engine.written];
    this.output_file = join(parts.folder, OUTBOX, "output");
    this.scope_request_file = join(parts.folder, OUTBOX, "scope-request.json");
    this.#parts = parts;
  }

  get installed(): Installed {
    return this.#installed;
  }

  async keepInstalled(installed: Installed): Promise<void> {
    const known = installed.shared
      ? installed.folders.map((folder): [string, string] => [folder, folderIdentity(folder)])
      : [];
    this.#installed = installed;
    this.#packages = new Map(known);
    await this.#parts.folders.keepHome();
    await this.#parts.desk.keep("packages", known);
    await this.#parts.desk.keep("installed", installed);
  }

  async readyForProcess(): Promise<Result<void>> {
    try {
      await this.#parts.folders.renew();
      return ok(undefined);
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  movedPackages(): string[] {
    const moved = [...this.#packages].filter(([folder, known]) => folderIdentity(folder) !== known);
    return moved.map(([folder]) => relative(this.directory, folder));
  }

  async snapshot(): Promise<void> {
    this.#shadow = undefined;
    await this.#readBase();
    using tree = this.#parts.folders.tree();
    this.#before = await this.#manifest(tree);
    this.#gitBefore = await this.#gitState(tree);
    await this.#parts.desk.keep("git-directory", asNotes(this.#gitBefore));
    await this.#parts.desk.keep("snapshot", [...this.#before]);
  }

  async #readBase(): Promise<void> {
    const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", this.#parts.base];
    this.#tracked = new Set(await gitList(await this.#parts.desk.freshGit(), args));
  }

  /** The snapshot that an earlier process remembered. Throws when there is none. */
  async recall(): Promise<void> {
    const entries: [string, ManifestEntry][] = await this.#parts.desk.read("snapshot");
    this.#before = new Map(entries);
    this.#gitBefore = fromNotes(await this.#parts.desk.read("git-directory"));
    this.#installed = await this.#parts.desk.read("installed");
    const known: [string, string][] = await this.#parts.desk.read("packages");
    this.#packages = new Map(known);
    await this.#readBase();
  }

  async #manifest(tree: HeldFolder, limits?: ReadLimits): Promise<Manifest> {
    const inModules = [...this.#tracked].filter((path) => path.includes("node_modules/"));
    const prune = (path: string): boolean => !inModules.some((file) => file.startsWith(`${path}/`));
    const until = limits === undefined ? undefined : Date.now() + limits.deadline_ms;
    return readManifest(tree, { prune, depth: limits?.depth, until });
  }

  /** The git directory that commits; it is younger than everything the agent did. */
  async #git(): Promise<StagedGit> {
    this.#shadow ??= await this.#parts.desk.freshGit();
    return this.#shadow;
  }

  /** Made on the desk, and put into its place in one step. */
  async resetGit(): Promise<Result<void>> {
    const { desk, base, folders } = this.#parts;
    try {
      const made = await desk.fresh("workspace-git");
      await makeWorkspaceGit(join(made, ".git"), this.#parts);
      await runGit({ cwd: made, gitDir: join(made, ".git"), workTree: made }, ["read-tree", base]);
      using tree = folders.tree();
      const replaced = await desk.fresh("replaced-git");
      await rename(`${tree.path}/.git`, replaced).catch(unlessMissing);
      await rename(join(made, ".git"), `${tree.path}/.git`);
      return ok(undefined);
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  async tampering(): Promise<Violation[]> {
    const { folders, planted: keptIn } = this.#parts;
    const replaced = folders.replaced();
    if (replaced.length > 0) return replaced;
    using tree = folders.tree();
    const planted = await plantedIn(this.#gitBefore, await this.#gitState(tree), keptIn);
    return [...planted, ...this.movedPackages().map((path) => ({ path, rule: MOVED_RULE, fix: MOVED_FIX }))];
  }

  #gitState(tree: HeldFolder): Promise<GitState> {
    return readGitState(tree, this.#parts.location.objectFormat);
  }

  async changes(limits?: ReadLimits): Promise<Result<FileChange[]>> {
    try {
      using tree = this.#parts.folders.tree();
      this.#after = await this.#manifest(tree, limits);
      const found = await this.#changedIn(tree, compareManifests(this.#before, this.#after).filter(isChange));
      const unknown = found.map((difference) => difference.path).filter((path) => !this.#tracked.has(path));
      const shadow = await this.#git();
      const ignored = await ignoredPaths({ paths: unknown, base: this.#parts.base, shadow, folder: this.desk });
      return ok(await Promise.all(found.map((difference) => this.#toChange(difference, ignored))));
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  /** Differences in content: a file of the same size may have been touched only, or written again as it is in the base. */
  async #changedIn(root: HeldFolder, found: ManifestDifference[]): Promise<ManifestDifference[]> {
    const alike = found.filter((one) => this.#tracked.has(one.path) && looksAlike(one)).map(({ path }) => path);
    if (alike.length === 0) return found;
    const shadow = await this.#git();
    await runGit(shadow, ["read-tree", this.#parts.base]);
    const moved = await stageFiles(alike, { root, known: this.#after, stage: await this.#parts.desk.emptyStage() });
    if (moved !== undefined) return found;
    await this.#updateIndex(["--add", "--replace"], alike);
    const changed = new Set(await gitList(shadow, ["diff-index", "--cached", "--name-only", "-z", this.#parts.base]));
    return found.filter(({ path }) => changed.has(path) || !alike.includes(path));
  }

  async #toChange({ path, before, after }: ManifestDifference, ignored: Set<string>): Promise<FileChange> {
    const isGone = after === undefined || (after.kind === "directory" && before !== undefined);
    const change = before === undefined ? "created" : isGone ? "deleted" : "modified";
    const found = (isGone ? before : after)?.kind ?? "file";
    const kind = found === "unnameable" ? "special" : found;
    const size = after?.kind === "file" && after.size >= SIZED ? { size: after.size } : {};
    const forbidden = after === undefined ? undefined : await forbiddenChange(this.directory, path, after);
    return {
      path,
      change,
      kind,
      ...size,
      ignored: ignored.has(path),
      ...(forbidden === undefined ? {} : { forbidden }),
    };
  }

  /**
   * Git does not write what the user's repository has, though it may be garbage there and go before the commit has its ref: what went is
   * written when it is all done once more.
   */
  async commit(request: CommitOrder): Promise<Result<TaskChange & { commit: string }>> {
    const committed = await this.#commitOnce(request);
    return committed.ok || committed.error.code !== "git_failed" ? committed : this.#commitOnce(request);
  }

  async #commitOnce(request: CommitOrder): Promise<Result<TaskChange & { commit: string }>> {
    const { base, desk } = this.#parts;
    try {
      const shadow = await this.#git();
      await runGit(shadow, ["read-tree", base]);
      const gone = request.paths.filter((path) => (this.#after.get(path)?.kind ?? "directory") === "directory");
      const present = request.paths.filter((path) => this.#canHold(path));
      using root = this.#parts.folders.tree();
      const moved = await stageFiles(present, { root, known: this.#after, stage: await desk.emptyStage() });
      if (moved !== undefined) return err(stillWritten(moved));
      await this.#updateIndex(["--force-remove"], gone);
      await this.#updateIndex(["--add", "--replace"], present);
      const tree = await gitText(shadow, ["write-tree"]);
      const beside = await changedBeside(shadow, { base, tree, paths: request.paths });
      if (beside.length > 0) return err(notAsked(beside));
      const { message, at } = request;
      const commit = await gitText(shadow, ["commit-tree", tree, "-p", base, "-F", "-"], { input: message, at });
      const published = await publishCommit(this.#parts, shadow, { ref: request.ref, to: commit });
      if (!published.ok) return published;
      return ok({ commit, ...(await changeNumbers(shadow, base, commit)) });
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  async keepSideWork(start: string, limits: Limits): Promise<string[]> {
    const { base, desk, folders } = this.#parts;
    const means = { base, desk, limits, shadow: await this.#git(), places: this.#parts };
    return keepSideWork(() => folders.tree(), start, means);
  }

  async writePatch(commit: string, file: string): Promise<boolean> {
    return writePatch(await this.#git(), { base: this.#parts.base, commit }, file).catch(() => false);
  }

  /** Git has no place for devices, pipes and its own metadata. */
  #canHold(path: string): boolean {
    const kind = this.#after.get(path)?.kind;
    return (kind === "file" || kind === "symlink") && !isGitMetadata(path);
  }

  async #updateIndex(how: string[], paths: string[]): Promise<void> {
    if (paths.length === 0) return;
    const input = paths.join("\0");
    await runGit(await this.#git(), ["update-index", ...how, "-z", "--stdin"], { input });
  }

  async scopeRequest(max_bytes: number): Promise<string | undefined> {
    return readOutbox(this.#parts.folders, basename(this.scope_request_file), max_bytes);
  }

  async output(max_bytes: number): Promise<string | undefined> {
    return readOutbox(this.#parts.folders, basename(this.output_file), max_bytes);
  }

  /** Folders that cannot be removed now are removed when the run ends or is taken over. */
  async dispose(): Promise<string[]> {
    const left = [await removeFolder(this.folder), await removeFolder(this.desk)];
    return left.filter((problem) => problem !== undefined);
  }
}
