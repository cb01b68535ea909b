/** The user's repository: read by every phase, written only under `refs/forkjoin/` and `refs/heads/forkjoin/`. */
import type { Violation } from "../model/attempt.ts";
import type { Result } from "../model/result.ts";

/** A tree entry's content: git file mode and object id. Absent means: no such file. */
export interface TreeEntry {
  mode: string;
  blob: string;
}

/** One changed path between two trees; renames appear as a deletion and an addition. */
export interface TreeChange {
  path: string;
  before: TreeEntry | undefined;
  after: TreeEntry | undefined;
}

export interface MergedTree {
  tree: string;
  /** paths whose content could not be merged; empty when the merge is clean. `whole`: attributes take the file out of merging */
  conflicts: { path: string; why: string; whole?: true }[];
}

/** Part of a three-way merge of texts: what both sides agree on, or a place where they do not. */
export type MergeRegion = { text: string } | { base: string; ours: string; theirs: string };

/** Content of a blob, or why there is none: larger than the limit (its bytes), or not in this clone, or damaged there. */
export type BlobContent = { content: Uint8Array } | { too_large: number } | { missing: true };
export type BlobText = { text: string } | { binary: true } | Exclude<BlobContent, { content: Uint8Array }>;

export interface CommitRequest {
  tree: string;
  parent: string;
  message: string;
  /** milliseconds since 1970: the same request gives the same commit id */
  at: number;
}

/** A look at the user's own git directory around an agent that no sandbox holds. */
export interface Watch {
  /** Files planted since the look began, undone already, and the user's refs that moved: by the user or by an agent, nobody can tell. */
  end(): Promise<{ tampered: Violation[]; moved: string[] }>;
}

/** Operations for a read-only phase. */
export interface RepositoryReader {
  /** absolute path of the repository's top level */
  readonly root: string;
  resolve(revision: string): Promise<Result<string>>;
  watch(): Promise<Watch>;
  treeOf(commit: string): Promise<string>;
  /** Fetches first what a partial clone lacks of `commit`. Fails with `unsupported_content` when this clone does not have every folder of `commit`, or has a damaged one. */
  checkTrees(commit: string): Promise<Result<void>>;
  /** Every path of `commit`, sorted, with its mode (`160000` is a submodule). */
  files(commit: string): Promise<Map<string, TreeEntry>>;
  changes(from: string, to: string): Promise<TreeChange[]>;
  /** Hunks per path between two commits, counted without context lines; at least 1 for every changed path. */
  hunks(from: string, to: string): Promise<Map<string, number>>;
  /** Text of a blob, or why there is none: it may be binary or larger than `limit` bytes. */
  text(blob: string, limit: number): Promise<BlobText>;
  /** Contents of many blobs in few git processes, handed over in portions, so that they never are in memory all at once. */
  blobs(ids: string[], limit: number, take: (portion: Map<string, BlobContent>) => Promise<void>): Promise<void>;
  /** Paths changed by each of the newest `count` commits up to `commit` (merges left out), newest first. Fails in a shallow corner. */
  history(commit: string, count: number): Promise<string[][]>;
  /** A unified diff between two commits, for people. */
  diff(from: string, to: string): Promise<string>;
  /** False, too, where git cannot tell: in a clone that lacks folders, or with a damaged index. */
  isDirty(): Promise<boolean>;
  /** Paths of `commit` whose content is a git-lfs pointer according to its attributes. */
  lfsPaths(commit: string): Promise<Set<string>>;
  readRef(name: string): Promise<string | undefined>;
}

/** Operations for the phases with write access: on objects and Forkjoin's own refs, never the user's branches, index or files. */
export interface RepositoryWriter {
  /** Many operations in a row, through processes they share; the same results as without. */
  together<T>(use: () => Promise<T>): Promise<T>;
  /** Three-way merge in memory; `base`, `ours` and `theirs` are commits or trees. */
  merge(base: string, ours: string, theirs: string): Promise<MergedTree>;
  /** `tree` with entries replaced; undefined deletes. */
  withEntries(tree: string, entries: Map<string, TreeEntry | undefined>): Promise<string>;
  /** Both versions one after the other where they differ (git's union merge). */
  union(base: string | undefined, ours: string, theirs: string): Promise<string>;
  /** Git's merge of three texts that end with a line break (or are empty), in order, region by region. */
  mergeRegions(base: string, ours: string, theirs: string): Promise<MergeRegion[]>;
  writeBlob(content: string): Promise<string>;
  commit(request: CommitRequest): Promise<string>;
  /** Moves a ref from `expected` (undefined: it must not exist) to `to`, or fails with `branch_moved`. */
  moveRef(name: string, to: string, expected: string | undefined): Promise<Result<void>>;
  deleteRef(name: string): Promise<void>;
}

export interface Repository extends RepositoryReader, RepositoryWriter {}
