/** The repository port over git: objects and Forkjoin's own refs only; the user's branches, index, files and configuration are never written. */
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import type {
  BlobContent,
  BlobText,
  CommitRequest,
  MergedTree,
  MergeRegion,
  Repository,
  TreeChange,
  TreeEntry,
  Watch,
} from "../../../core/ports/repository.ts";
import { type GitPlace, gitList, gitText, type OwnGitPlace, runGit } from "../git.ts";
import { GitGuard, type Guarded } from "../guard/git-guard.ts";
import { carryObjects } from "./carry-objects.ts";
import { type Engine, engineAt } from "./engine.ts";
import { fetchMissing } from "./fetch-missing.ts";
import { GitObjects } from "./git-objects.ts";
import { withMergeAttributes } from "./merge-attributes.ts";
import { mergeFile, mergeRegions } from "./merge-file.ts";
import { makePrivateGitDirectory } from "./private-git-directory.ts";
import { publishCommit } from "./publish-commit.ts";
import { readBlobs } from "./read-blobs.ts";
import { readHistory } from "./read-history.ts";
import { FALLBACK_IDENTITY, type RepositoryLocation } from "./repository-location.ts";
import { sweepEngine } from "./sweep-engine.ts";
import { parseMergedTree, parseRawDiff, parseTree } from "./tree-output.ts";

/** `engineDirectory` is a folder of ours for this repository; it is made when it is not there. */
export async function openRepository(location: RepositoryLocation, engineDirectory: string): Promise<Repository> {
  const engine = engineAt(engineDirectory);
  await makePrivateGitDirectory(engineDirectory, location, [engine.written]);
  await sweepEngine(location, engine);
  return new GitRepository(location, engine);
}

class GitRepository implements Repository {
  readonly root: string;
  readonly #places: { location: RepositoryLocation; engine: Engine };
  readonly #user: GitPlace;
  /** objects of the user's repository, nothing else of it; what is made stays outside of it until a ref is moved */
  readonly #engine: OwnGitPlace;
  readonly #written: string;
  readonly #identity: { name: string; email: string };
  readonly #bare: boolean;
  /** while many operations are made together */
  #objects: GitObjects | undefined;
  #users = 0;
  readonly #gitDirectory: string;
  readonly #guard: GitGuard;

  constructor(location: RepositoryLocation, engine: Engine) {
    const { directory, written } = engine;
    this.root = location.root;
    this.#places = { location, engine };
    this.#written = written;
    this.#bare = location.bare;
    this.#identity = location.identity;
    this.#user = { cwd: location.root };
    this.#gitDirectory = location.gitDirectory;
    this.#guard = guardOf({
      gitDirectory: dirname(location.objects),
      keptIn: join(dirname(directory), "undone"),
      refs: () => this.#userRefs(),
    });
    this.#engine = { cwd: directory, gitDir: directory };
  }

  async resolve(revision: string): Promise<Result<string>> {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    const { code, stdout } = await runGit(this.#user, args, { accept: [1, 128] });
    if (code === 0) return ok(stdout.toString("utf8").trim());
    const born = await runGit(this.#user, ["rev-parse", "--verify", "--quiet", "HEAD"], { accept: [1, 128] });
    return born.code === 0
      ? err(
          failure(
            "unknown_revision",
            `base ${revision}: no such commit in ${this.root}`,
            "name a branch, tag or commit",
          ),
        )
      : err(failure("no_commit", `repo ${this.root} has no commit yet`, "commit once: a run starts from a commit"));
  }

  async watch(): Promise<Watch> {
    return this.#guard.watch();
  }

  /** The user's refs with HEAD among them; Forkjoin's own are left out. */
  async #userRefs(): Promise<Map<string, string>> {
    const format = "--format=%(objectname) %(symref)%00%(refname)%00";
    const items = await gitList(this.#user, ["for-each-ref", format]);
    const pairs = items.map((item, index): [string, string] => [(items[index + 1] ?? "").trim(), item.trim()]);
    const own = pairs.filter(([name], index) => index % 2 === 0 && /^refs\/(?!(heads\/)?forkjoin\/)/.test(name));
    return new Map([...own, ["HEAD", await readFile(join(this.#gitDirectory, "HEAD"), "utf8")]]);
  }

  async together<T>(use: () => Promise<T>): Promise<T> {
    return this.#withObjects(use);
  }

  /** The shared processes live as long as anyone uses them. */
  async #withObjects<T>(use: (objects: GitObjects) => Promise<T>): Promise<T> {
    this.#users += 1;
    this.#objects ??= new GitObjects(this.#engine, this.#written);
    const objects = this.#objects;
    try {
      return await use(objects);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) {
        this.#objects = undefined;
        await objects.close();
      }
    }
  }

  async treeOf(commit: string): Promise<string> {
    if (this.#objects !== undefined) return this.#withObjects((objects) => objects.treeOf(commit));
    return gitText(this.#engine, ["rev-parse", "--verify", `${commit}^{tree}`]);
  }

  async checkTrees(commit: string): Promise<Result<void>> {
    const fetched = await fetchMissing(this.#places.location, commit);
    if (!fetched.ok) return fetched;
    const { code, stderr } = await runGit(this.#engine, ["ls-tree", "-r", "-z", commit], { accept: [1, 128] });
    if (code === 0) return ok(undefined);
    const message = `repo ${this.root}: commit ${commit.slice(0, 12)} cannot be read: ${stderr.trim()}`;
    const hint = "fetch what this clone lacks (`git fetch --refetch --filter=blob:none`), or see `git fsck`";
    return err(failure("unsupported_content", message, hint));
  }

  async files(commit: string): Promise<Map<string, TreeEntry>> {
    return parseTree(await gitList(this.#engine, ["ls-tree", "-r", "-z", commit]));
  }

  async changes(from: string, to: string): Promise<TreeChange[]> {
    if (this.#objects !== undefined) return this.#withObjects((objects) => objects.changes(from, to));
    return parseRawDiff(await gitList(this.#engine, ["diff-tree", "-r", "-z", "--no-renames", from, to]));
  }

  async hunks(from: string, to: string): Promise<Map<string, number>> {
    const changes = await this.changes(from, to);
    const patch = await gitText(this.#engine, ["diff-tree", "-r", "-p", "-U0", "--no-renames", from, to]);
    const sections = patch.split(/^diff --git /m).slice(1);
    const counts = new Map<string, number>();
    for (const change of changes) {
      const own = sections.splice(0, changesType(change) ? 2 : 1);
      const found = own.reduce((sum, section) => sum + (section.match(/^@@ /gm)?.length ?? 0), 0);
      counts.set(change.path, Math.max(1, found));
    }
    return counts;
  }

  async text(blob: string, limit: number): Promise<BlobText> {
    const found = new Map<string, BlobContent>();
    await this.blobs([blob], limit, async (portion) => {
      for (const [id, content] of portion) found.set(id, content);
    });
    const only = found.get(blob) ?? { missing: true };
    if (!("content" in only)) return only;
    return only.content.includes(0) ? { binary: true } : { text: new TextDecoder().decode(only.content) };
  }

  async blobs(ids: string[], limit: number, take: (portion: Map<string, BlobContent>) => Promise<void>): Promise<void> {
    return readBlobs(this.#engine, { ids, limit }, take);
  }

  async history(commit: string, count: number): Promise<string[][]> {
    return readHistory(this.#user, commit, count);
  }

  async diff(from: string, to: string): Promise<string> {
    return gitText(this.#engine, ["diff-tree", "-r", "-p", "--no-renames", from, to]);
  }

  async isDirty(): Promise<boolean> {
    if (this.#bare) return false;
    const args = ["status", "--porcelain", "--untracked-files=normal"];
    const { code, stdout } = await runGit(this.#user, args, { accept: [1, 128] });
    return code === 0 && stdout.length > 0;
  }

  async lfsPaths(commit: string): Promise<Set<string>> {
    const files = await this.files(commit);
    const attributes = [...files].filter(([path]) => path.split("/").at(-1) === ".gitattributes");
    const texts = await Promise.all(attributes.map(([, entry]) => this.text(entry.blob, 1_000_000)));
    if (!texts.some((found) => "text" in found && found.text.includes("filter=lfs"))) return new Set();
    return this.#withIndex(async (place) => {
      await runGit(place, ["read-tree", commit]);
      const input = [...files.keys()].join("\0");
      const items = await gitList(place, ["check-attr", "--cached", "-z", "--stdin", "filter"], { input });
      return new Set(items.filter((_, index) => index % 3 === 0 && items[index + 2] === "lfs"));
    });
  }

  async readRef(name: string): Promise<string | undefined> {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
    const { code, stdout } = await runGit(this.#user, args, { accept: [1, 128] });
    return code === 0 ? stdout.toString("utf8").trim() : undefined;
  }

  /** Git 2.38 cannot be told a merge base, so three commits are made whose history says it. */
  async merge(base: string, ours: string, theirs: string): Promise<MergedTree> {
    return this.#withObjects(async (objects) => {
      const side = async (of: string, ...parents: string[]): Promise<string> =>
        objects.commit({ tree: await objects.treeOf(of), parents, message: "merge side", at: 0 }, FALLBACK_IDENTITY);
      const baseCommit = await side(base);
      const sides = [await side(ours, baseCommit), await side(theirs, baseCommit)];
      const changed = await objects.changes(base, theirs);
      const before = new Set((await objects.changes(base, ours)).map(({ path }) => path));
      const paths = changed.map(({ path }) => path).filter((path) => before.has(path));
      const merged = await withMergeAttributes(this.#engine, { tree: ours, paths }, async ({ config, whole }) => {
        const args = [...config, "merge-tree", "--write-tree", "-z", "--messages", ...sides];
        const { code, stdout } = await runGit(this.#engine, args, { accept: [1] });
        return parseMergedTree(stdout.toString("utf8"), code === 0, whole);
      });
      const known = new Set(changed.map(({ after }) => after?.blob));
      const made = (await objects.changes(ours, merged.tree)).flatMap(({ after }) => after?.blob ?? []);
      await carryObjects(
        this.#engine,
        this.#written,
        made.filter((blob) => !known.has(blob)),
      );
      return merged;
    });
  }

  async withEntries(tree: string, entries: Map<string, TreeEntry | undefined>): Promise<string> {
    return entries.size === 0 ? tree : this.#withObjects((objects) => objects.withEntries(tree, entries));
  }

  async union(base: string | undefined, ours: string, theirs: string): Promise<string> {
    const contents = await Promise.all(
      [ours, base, theirs].map(async (blob) =>
        blob === undefined ? "" : (await runGit(this.#engine, ["cat-file", "blob", blob])).stdout,
      ),
    );
    const merged = await mergeFile(this.#engine, { contents, options: ["--union"] });
    return this.#writeObject(merged);
  }

  async mergeRegions(base: string, ours: string, theirs: string): Promise<MergeRegion[]> {
    return mergeRegions(this.#engine, { base, ours, theirs });
  }

  async writeBlob(content: string): Promise<string> {
    return this.#writeObject(content);
  }

  async #writeObject(input: string | Buffer): Promise<string> {
    return gitText({ ...this.#engine, objects: this.#written }, ["hash-object", "-w", "--stdin"], { input });
  }

  async commit({ parent, ...request }: CommitRequest): Promise<string> {
    return this.#withObjects((objects) => objects.commit({ ...request, parents: [parent] }, this.#identity));
  }

  async moveRef(name: string, to: string, expected: string | undefined): Promise<Result<void>> {
    const nowhere = "0".repeat(to.length);
    const publication = { ref: name, to, expected: expected ?? nowhere };
    const published = await publishCommit(this.#places, this.#engine, publication);
    if (published.ok || (await this.readRef(name)) === expected) return published;
    const hint = "someone else moved it: look at it with `git log`, rename it if it is to be kept, and try again";
    return err(failure("branch_moved", `${name} is not where Forkjoin left it: ${published.error.message}`, hint));
  }

  async deleteRef(name: string): Promise<void> {
    await runGit(this.#user, ["update-ref", "-d", name], { accept: [1, 128] });
  }

  async #withIndex<T>(use: (place: GitPlace) => Promise<T>): Promise<T> {
    const indexFile = join(this.#engine.cwd, `index-${randomUUID()}`);
    try {
      return await use({ ...this.#engine, indexFile });
    } finally {
      await rm(indexFile, { force: true });
    }
  }
}

const guards = new Map<string, GitGuard>();

/** Runs that work on one repository in one process share its guard: each would undo what the other found. */
function guardOf(guarded: Guarded): GitGuard {
  const guard = guards.get(guarded.gitDirectory) ?? new GitGuard(guarded);
  guards.set(guarded.gitDirectory, guard);
  return guard;
}

/** A file that became a link or a submodule, or the other way round: git shows it as a deletion and an addition. */
function changesType({ before, after }: TreeChange): boolean {
  return before !== undefined && after !== undefined && before.mode.slice(0, 2) !== after.mode.slice(0, 2);
}
