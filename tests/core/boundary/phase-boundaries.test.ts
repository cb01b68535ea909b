import { describe, expect, test } from "vitest";
import { PHASE_BOUNDARIES, repositoryFor } from "../../../src/core/boundary/phase-boundaries.ts";
import { Boundary, mayWrite } from "../../../src/core/model/boundary.ts";
import { PHASES } from "../../../src/core/model/phase.ts";
import { ok } from "../../../src/core/model/result.ts";
import type {
  BlobContent,
  Repository,
  RepositoryReader,
  RepositoryWriter,
} from "../../../src/core/ports/repository.ts";

/** Remembers which writing methods were called; reading gives an answer that names the question. */
class RecordingRepository implements Repository {
  readonly root: string = "/repository";
  readonly written: string[] = [];
  resolve = async (revision: string) => ok(`commit of ${revision}`);
  watch = async () => ({ end: async () => ({ tampered: [], moved: ["watched"] }) });
  treeOf = async (commit: string) => `tree of ${commit}`;
  checkTrees = async () => ok(undefined);
  files = async (commit: string) => new Map([[`file of ${commit}`, { mode: "100644", blob: "b" }]]);
  changes = async (from: string, to: string) => [{ path: `${from} ${to}`, before: undefined, after: undefined }];
  hunks = async (from: string, to: string) => new Map([[`${from} ${to}`, 1]]);
  text = async (blob: string, limit: number) => ({ text: `${blob} ${limit}` });
  blobs = async (ids: string[], limit: number, take: (portion: Map<string, BlobContent>) => Promise<void>) =>
    take(new Map(ids.map((id) => [id, { too_large: limit }])));
  history = async (commit: string, count: number) => [[`${commit} ${count}`]];
  diff = async (from: string, to: string) => `${from} ${to}`;
  isDirty = async () => true;
  lfsPaths = async (commit: string) => new Set([`lfs of ${commit}`]);
  readRef = async (name: string) => `ref ${name}`;
  together = async <T>(use: () => Promise<T>): Promise<T> => {
    this.#write("together");
    return use();
  };
  merge = async () => ({ tree: this.#write("merge"), conflicts: [] });
  withEntries = async () => this.#write("withEntries");
  union = async () => this.#write("union");
  mergeRegions = async () => [{ text: this.#write("mergeRegions") }];
  writeBlob = async () => this.#write("writeBlob");
  commit = async () => this.#write("commit");
  moveRef = async () => {
    this.#write("moveRef");
    return ok(undefined);
  };
  deleteRef = async () => {
    this.#write("deleteRef");
  };
  #write(method: string): string {
    this.written.push(method);
    return method;
  }
}

const READING: Record<keyof RepositoryReader, true> = {
  ...{ root: true, resolve: true, watch: true, treeOf: true, files: true, changes: true, hunks: true, text: true },
  ...{ checkTrees: true, blobs: true, history: true, diff: true, isDirty: true, lfsPaths: true, readRef: true },
};
const WRITING: Record<keyof RepositoryWriter, true> = {
  ...{
    together: true,
    merge: true,
    withEntries: true,
    union: true,
    mergeRegions: true,
    writeBlob: true,
    commit: true,
    moveRef: true,
    deleteRef: true,
  },
};
const READ_ONLY = PHASES.filter((phase) => !mayWrite(PHASE_BOUNDARIES[phase].access));

test("every phase has the specification's boundary declaration", () => {
  const declared = PHASES.map((phase) => Boundary.parse(PHASE_BOUNDARIES[phase]));
  expect(declared.map(({ task_boundary, access }) => [task_boundary, access])).toEqual([
    ["KNOWLEDGE_LOADING", "read_only"],
    ["DECOMPOSITION", "read_only"],
    ["DEPENDENCY_ANALYSIS", "read_only"],
    ["BATCH_FORMATION", "read_only"],
    ["PARALLEL_EXECUTION", "write (distributed)"],
    ["AGGREGATION", "write"],
  ]);
});

describe.each(READ_ONLY)("%s gets a repository", (phase) => {
  test("on which no writing method exists, not even an inherited one", () => {
    const given = repositoryFor(phase, new RecordingRepository());
    expect(Object.keys(given).sort()).toEqual(Object.keys(READING).sort());
    expect(Object.keys(WRITING).filter((method) => method in given)).toEqual([]);
  });

  test("from which the writable one cannot be reached", () => {
    const repository = new RecordingRepository();
    const values: unknown[] = Object.values(repositoryFor(phase, repository));
    expect(values.includes(repository)).toEqual(false);
  });

  test("that answers every question as the real one does", async () => {
    const repository = new RecordingRepository();
    const answers = async (asked: RepositoryReader) => [
      asked.root,
      await asked.resolve("HEAD"),
      await asked.treeOf("c"),
      await asked.files("c"),
      await asked.changes("a", "b"),
      await asked.hunks("a", "b"),
      await asked.text("blob", 7),
      await asked.diff("a", "b"),
      await asked.isDirty(),
      await asked.lfsPaths("c"),
      await asked.readRef("r"),
    ];
    expect(await answers(repositoryFor(phase, repository))).toEqual(await answers(repository));
    expect(repository.written).toEqual([]);
  });
});

test.each(["phase_4_execute", "phase_5_aggregate"] as const)(
  "%s, which writes, gets the repository itself",
  (phase) => {
    const repository = new RecordingRepository();
    expect(repositoryFor(phase, repository) === repository).toEqual(true);
  },
);

test.each([
  ["read_only", false],
  ["read_only+test_execution", false],
  ["write", true],
  ["write (distributed)", true],
] as const)("%s access may write: %s", (access, writes) => {
  expect(mayWrite(access)).toEqual(writes);
});
