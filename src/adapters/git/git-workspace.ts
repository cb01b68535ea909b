/** One attempt's workspace: what changed is read from disk, and what is committed goes through a git directory the agent never saw. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskChange } from "../../core/model/batch-results.ts";
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { FileChange, Workspace } from "../../core/ports/workspace.ts";
import { forbiddenChange, isGitMetadata } from "./forbidden-change.ts";
import { GitError, type GitPlace, gitList, gitText, runGit } from "./git.ts";
import { ignoredPaths } from "./ignored-paths.ts";
import {
  compareManifests,
  type Manifest,
  type ManifestDifference,
  type ManifestEntry,
  readManifest,
} from "./manifest.ts";
import { readOutbox } from "./read-outbox.ts";
import { removeFolder } from "./remove-folder.ts";

/** The folder beside the working directory that is the agent's to write: what it hands back besides files. */
export const OUTBOX = "outbox";

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
  readonly output_file: string;
  readonly scope_request_file: string;
  readonly #parts: WorkspaceParts;
  #tracked: Set<string> = new Set();
  #before: Manifest = new Map();
  #after: Manifest = new Map();

  constructor(parts: WorkspaceParts) {
    this.directory = parts.root;
    this.folder = parts.folder;
    this.output_file = join(parts.folder, OUTBOX, "output");
    this.scope_request_file = join(parts.folder, OUTBOX, "scope-request.json");
    this.#parts = parts;
  }

  async snapshot(): Promise<void> {
    const args = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", this.#parts.base];
    this.#tracked = new Set(await gitList(this.#parts.shadow, args));
    this.#before = await this.#manifest();
  }

  async remember(): Promise<void> {
    await writeFile(this.#memory, JSON.stringify([...this.#before]), { mode: 0o600 });
  }

  /** The snapshot that an earlier process remembered. Throws when there is none. */
  async recall(): Promise<void> {
    await this.snapshot();
    const entries: [string, ManifestEntry][] = JSON.parse(await readFile(this.#memory, "utf8"));
    this.#before = new Map(entries);
  }

  get #memory(): string {
    return join(this.folder, "snapshot.json");
  }

  async #manifest(): Promise<Manifest> {
    const tracked = [...this.#tracked];
    return readManifest(this.directory, (path) => !tracked.some((file) => file.startsWith(`${path}/`)));
  }

  async changes(): Promise<Result<FileChange[]>> {
    try {
      this.#after = await this.#manifest();
      const found = compareManifests(this.#before, this.#after).filter(isChange);
      const unknown = found.map((difference) => difference.path).filter((path) => !this.#tracked.has(path));
      const { base, shadow, folder } = this.#parts;
      const ignored = await ignoredPaths({ paths: unknown, base, shadow, folder });
      return ok(await Promise.all(found.map((difference) => this.#toChange(difference, ignored))));
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  async #toChange({ path, before, after }: ManifestDifference, ignored: Set<string>): Promise<FileChange> {
    const isGone = after === undefined || (after.kind === "directory" && before !== undefined);
    const change = before === undefined ? "created" : isGone ? "deleted" : "modified";
    const found = (isGone ? before : after)?.kind ?? "file";
    const kind = found === "unnameable" ? "special" : found;
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
      const gone = request.paths.filter((path) => (this.#after.get(path)?.kind ?? "directory") === "directory");
      const present = request.paths.filter((path) => this.#canHold(path));
      await this.#updateIndex(["--force-remove"], gone);
      await this.#updateIndex(["--add", "--replace"], present);
      const tree = await gitText(shadow, ["write-tree"]);
      const { message, at } = request;
      const commit = await gitText(shadow, ["commit-tree", tree, "-p", base, "-F", "-"], { input: message, at });
      await runGit({ cwd: repository }, ["update-ref", request.ref, commit]);
      return ok({ commit, ...(await this.#numbers(commit)) });
    } catch (error) {
      return err(unreadable(this.directory, error));
    }
  }

  /** Git has no place for devices, pipes and its own metadata. */
  #canHold(path: string): boolean {
    const kind = this.#after.get(path)?.kind;
    return (kind === "file" || kind === "symlink") && !isGitMetadata(path);
  }

  async #updateIndex(how: string[], paths: string[]): Promise<void> {
    if (paths.length === 0) return;
    const input = paths.join("\0");
    await runGit(this.#parts.shadow, ["update-index", ...how, "-z", "--stdin"], { input });
  }

  async #numbers(commit: string): Promise<Omit<TaskChange, "commit">> {
    const { shadow, base } = this.#parts;
    const args = ["diff-tree", "-r", "-z", "--numstat", "--no-renames", base, commit];
    const rows = (await gitList(shadow, args)).map((row) => /^(\S+)\t(\S+)\t([\s\S]*)$/.exec(row) ?? []);
    const sum = (column: number): number => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
    return { files: rows.map((row) => row[3] ?? "").sort(), insertions: sum(1), deletions: sum(2) };
  }

  scopeRequest(max_bytes: number): Promise<string | undefined> {
    return readOutbox(this.scope_request_file, max_bytes);
  }

  /** What cannot be removed now is removed when the run ends or is taken over. */
  output(max_bytes: number): Promise<string | undefined> {
    return readOutbox(this.output_file, max_bytes);
  }

  async dispose(): Promise<void> {
    await removeFolder(this.folder).catch(() => undefined);
  }
}

/**
 * Folders are no content: one that stands where a file stood is that file's deletion. A nested `.git` folder is the exception,
 * because it must be seen.
 */
function isChange({ path, before, after }: ManifestDifference): boolean {
  const isFile = [before, after].some((entry) => entry !== undefined && entry.kind !== "directory");
  return isFile || path.split("/").at(-1)?.toLowerCase() === ".git";
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
