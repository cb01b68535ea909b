/** One attempt's workspace: what changed is read from disk, and what is committed goes through a git directory the agent never saw. */
import type { TaskChange } from "../../core/model/batch-results.ts";
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { FileChange, Workspace } from "../../core/ports/workspace.ts";
import { forbiddenChange } from "./forbidden-change.ts";
import { GitError, type GitPlace, gitList, gitText, runGit } from "./git.ts";
import { ignoredPaths } from "./ignored-paths.ts";
import { compareManifests, type Manifest, type ManifestDifference, readManifest } from "./manifest.ts";
import { removeFolder } from "./remove-folder.ts";

export interface WorkspaceParts {
  root: string;
  folder: string;
  base: string;
  /** the private git directory, with `root` as its work tree and the repository's object database */
  shadow: GitPlace;
  /** the user's repository, where refs are made */
  repository: string;
}

export class GitWorkspace implements Workspace {
  readonly directory: string;
  readonly folder: string;
  readonly #parts: WorkspaceParts;
  #tracked: Set<string> = new Set();
  #before: Manifest = new Map();

  constructor(parts: WorkspaceParts) {
    this.directory = parts.root;
    this.folder = parts.folder;
    this.#parts = parts;
  }

  async snapshot(): Promise<void> {
    const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", this.#parts.base];
    this.#tracked = new Set(await gitList(this.#parts.shadow, args));
    this.#before = await this.#manifest();
  }

  async #manifest(): Promise<Manifest> {
    const tracked = [...this.#tracked];
    return readManifest(this.directory, (path) => !tracked.some((file) => file.startsWith(`${path}/`)));
  }

  async changes(): Promise<Result<FileChange[]>> {
    try {
      const found = compareManifests(this.#before, await this.#manifest()).filter(isChange);
      const unknown = found.map((difference) => difference.path).filter((path) => !this.#tracked.has(path));
      const { base, shadow, folder } = this.#parts;
      const ignored = await ignoredPaths({ paths: unknown, base, shadow, folder });
      return ok(await Promise.all(found.map((difference) => this.#toChange(difference, ignored))));
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  async #toChange({ path, before, after }: ManifestDifference, ignored: Set<string>): Promise<FileChange> {
    const change = before === undefined ? "created" : after === undefined ? "deleted" : "modified";
    const kind = (after ?? before)?.kind ?? "file";
    const forbidden = after === undefined ? undefined : await forbiddenChange(this.directory, path, after);
    return { path, change, kind, ignored: ignored.has(path), ...(forbidden === undefined ? {} : { forbidden }) };
  }

  async commit(request: {
    paths: string[];
    message: string;
    ref: string;
    at: number;
  }): Promise<Result<TaskChange & { commit: string }>> {
    const { shadow, base, repository } = this.#parts;
    try {
      await runGit(shadow, ["read-tree", base]);
      const input = request.paths.join("\0");
      if (request.paths.length > 0) {
        await runGit(shadow, ["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], { input });
      }
      const tree = await gitText(shadow, ["write-tree"]);
      const { message, at } = request;
      const commit = await gitText(shadow, ["commit-tree", tree, "-p", base, "-F", "-"], { input: message, at });
      await runGit({ cwd: repository }, ["update-ref", request.ref, commit]);
      return ok({ commit, ...(await this.#numbers(commit)) });
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  async #numbers(commit: string): Promise<Omit<TaskChange, "commit">> {
    const { shadow, base } = this.#parts;
    const args = ["diff-tree", "-r", "-z", "--numstat", "--no-renames", base, commit];
    const rows = (await gitList(shadow, args)).map((row) => row.split("\t"));
    const sum = (column: number): number => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
    return { files: rows.map((row) => row[2] ?? "").sort(), insertions: sum(0), deletions: sum(1) };
  }

  async dispose(): Promise<void> {
    await removeFolder(this.folder);
  }
}

/** Folders are no content; a nested `.git` folder is the exception, because it must be seen. */
function isChange({ path, before, after }: ManifestDifference): boolean {
  const isFolder = (after ?? before)?.kind === "directory";
  return !isFolder || path.split("/").at(-1)?.toLowerCase() === ".git";
}

function unreadable(directory: string, error: unknown): ReturnType<typeof failure> {
  const cause = error instanceof Error ? error.message : String(error);
  const code = error instanceof GitError ? "git_failed" : "workspace_failed";
  return failure(
    code,
    `workspace ${directory}: ${cause}`,
    "look at the task's log; the attempt's files were not accepted",
  );
}
