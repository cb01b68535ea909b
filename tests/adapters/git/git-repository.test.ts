/** The repository port over real git: trees, merges and refs, on names that are hard to parse. */
import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TreeEntry } from "../../../src/core/ports/repository.ts";
import { DATE } from "../../rig/git.ts";
import { AWKWARD, TemporaryRepository } from "./temporary.ts";

const contents = (text: string): Record<string, string> => Object.fromEntries(AWKWARD.map((path) => [path, text]));

describe.each([["sha1"], ["sha256"]])("in a %s repository", (format) => {
  test("files, changes and hunks name every path as it is", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const from = temporary.commit(contents("1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
    const to = temporary.commit(contents("A\n2\n3\n4\n5\n6\n7\n8\nB\n"));
    const repository = await temporary.open();
    expect([...(await repository.files(to)).keys()].sort()).toEqual([...AWKWARD].sort());
    expect((await repository.changes(from, to)).map((change) => change.path).sort()).toEqual([...AWKWARD].sort());
    const hunks = await repository.hunks(from, to);
    expect(Object.fromEntries(hunks)).toEqual(Object.fromEntries(AWKWARD.map((path) => [path, 2])));
  });

  test("withEntries sets and removes paths, and turns a file into a folder and back", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const base = temporary.commit({ ...contents("x\n"), file: "x\n", "folder/in": "x\n" });
    const repository = await temporary.open();
    const entry = { mode: "100755", blob: await repository.writeBlob("new\n") };
    const changes = [
      ...AWKWARD.map((path) => [path, undefined] as const),
      ["file/in", entry],
      ["folder", entry],
    ] as const;
    const tree = await repository.withEntries(await repository.treeOf(base), new Map(changes));
    expect([...(await repository.files(tree))]).toEqual([
      ["file/in", entry],
      ["folder", entry],
    ]);
  });

  test("merge takes both sides where they do not meet, and names the paths where they do", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const base = temporary.commit({ ...contents("1\n"), "free.txt": "1\n" });
    const ours = temporary.commit(contents("ours\n"), base);
    const theirs = temporary.commit({ ...contents("theirs\n"), "free.txt": "2\n" }, base);
    const repository = await temporary.open();
    const merged = await repository.merge(base, ours, theirs);
    expect(merged.conflicts.map((conflict) => conflict.path).sort()).toEqual([...AWKWARD].sort());
    expect(merged.conflicts[0]?.why).toContain("CONFLICT");
    const free = (await repository.files(merged.tree)).get("free.txt");
    expect(await repository.text(free?.blob ?? "", 100)).toEqual({ text: "2\n" });
    expect((await repository.merge(base, base, theirs)).conflicts).toEqual([]);
  });
});

describe("hunks", () => {
  test("count what has no lines as one, and are not confused by a file that becomes a link", async () => {
    using temporary = new TemporaryRepository();
    const from = temporary.commit({ a: "x\n", "b.bin": Buffer.from([0, 1]), c: "1\n", d: "1\n", gone: "1\n2\n" });
    temporary.commit({ "b.bin": Buffer.from([0, 2]), d: "2\n", empty: "", gone: null });
    temporary.git("update-index", "--chmod=+x", "c");
    const target = temporary.git("rev-parse", "HEAD:d").trim();
    temporary.git("update-index", "--cacheinfo", `120000,${target},a`);
    temporary.git("commit", "--quiet", "--message", "Modes");
    const repository = await temporary.open();
    const counts = Object.fromEntries(await repository.hunks(from, temporary.git("rev-parse", "HEAD").trim()));
    expect(counts).toEqual({ a: 2, "b.bin": 1, c: 1, d: 1, empty: 1, gone: 1 });
  });
});

describe("union", () => {
  test("puts both versions one after the other where they differ, with a base and without one", async () => {
    using temporary = new TemporaryRepository();
    temporary.commit({ a: "x\n" });
    const repository = await temporary.open();
    const [base, ours, theirs] = await Promise.all(
      ["1\n2\n3\n", "1\nA\n3\n", "1\nB\n3\n"].map((text) => repository.writeBlob(text)),
    );
    const text = async (from: string | undefined) => {
      return repository.text(await repository.union(from, ours ?? "", theirs ?? ""), 100);
    };
    expect(await text(base)).toEqual({ text: "1\nA\nB\n3\n" });
    expect(await text(undefined)).toMatchObject({ text: expect.stringMatching(/A\n[\s\S]*B\n/) });
  });
});

describe("refs and commits", () => {
  test("a ref moves only from where it was expected", async () => {
    using temporary = new TemporaryRepository();
    const one = temporary.commit({ a: "1\n" });
    const two = temporary.commit({ a: "2\n" });
    const repository = await temporary.open();
    const ref = "refs/forkjoin/run/x";
    expect(await repository.moveRef(ref, one, undefined)).toMatchObject({ ok: true });
    expect(await repository.moveRef(ref, two, undefined)).toMatchObject({ ok: false, error: { code: "branch_moved" } });
    expect(await repository.moveRef(ref, two, two)).toMatchObject({ ok: false });
    expect(await repository.readRef(ref)).toBe(one);
    expect(await repository.moveRef(ref, two, one)).toMatchObject({ ok: true });
    await repository.deleteRef(ref);
    expect(await repository.readRef(ref)).toBeUndefined();
  });

  test("the same request gives the same commit, whatever its message says", async () => {
    using temporary = new TemporaryRepository();
    const parent = temporary.commit({ a: "1\n" });
    const repository = await temporary.open();
    const message = "--amend\n\n# not a comment\n\u{1f642}\n";
    const request = { tree: await repository.treeOf(parent), parent, message, at: 1_700_000_000_000 };
    const commit = await repository.commit(request);
    expect(await repository.commit(request)).toBe(commit);
    expect(await repository.moveRef("refs/forkjoin/run/x", commit, undefined)).toMatchObject({ ok: true });
    expect(temporary.git("log", "-1", "--format=%B|%an|%at", commit).trim()).toBe(`${message}|Ada|1700000000`);
  });

  test("text says what is binary and what is too large", async () => {
    using temporary = new TemporaryRepository();
    temporary.commit({ a: "x\n" });
    const repository = await temporary.open();
    expect(await repository.text(await repository.writeBlob("a\0b"), 10)).toEqual({ binary: true });
    expect(await repository.text(await repository.writeBlob("12345678901"), 10)).toEqual({ too_large: 11 });
  });
});

describe("many openings at once", () => {
  test("never see a half-written git directory", async () => {
    using temporary = new TemporaryRepository();
    const commit = temporary.commit({ a: "x\n" });
    const one = async (): Promise<number> => (await (await temporary.open()).files(commit)).size;
    expect(await Promise.all(Array.from({ length: 20 }, one))).toEqual(Array.from({ length: 20 }, () => 1));
  });
});

/** What git's own index makes of the same entries, removals first. */
function byIndex(
  temporary: TemporaryRepository,
  base: string,
  entries: Map<string, TreeEntry | undefined>,
): { tree: string; commit: string } {
  temporary.git("read-tree", base);
  for (const [path, entry] of entries) {
    if (entry === undefined) temporary.git("update-index", "--force-remove", "--", path);
  }
  for (const [path, entry] of entries) {
    if (entry === undefined) continue;
    temporary.git("update-index", "--add", "--replace", "--cacheinfo", `${entry.mode},${entry.blob},${path}`);
  }
  const tree = temporary.git("write-tree").trim();
  return { tree, commit: temporary.git("commit-tree", tree, "-p", base, "-m", MESSAGE).trim() };
}

const MESSAGE = "Subject\n\nBody é";

describe.each([["sha1"], ["sha256"]])("together, in a %s repository", (format) => {
  test("gives the same trees, changes and commits as one operation at a time, and as git's index", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const base = temporary.commit({ ...contents("x\n"), file: "x\n", "folder/in": "x\n", "folder/deep/er": "x\n" });
    const repository = await temporary.open();
    const blob = temporary.git("rev-parse", `${base}:file`).trim();
    const cases: [string, string | undefined][][] = [
      [["added/deep/file", "100644"]],
      [["folder/deep/er", undefined]],
      [
        ["folder/deep/er", undefined],
        ["folder/in", undefined],
      ],
      [
        ["file", undefined],
        ["file/in", "100755"],
      ],
      [["folder", "120000"]],
      [["file/none", undefined]],
      [["module", "160000"], ...AWKWARD.map((path): [string, undefined] => [path, undefined])],
      [
        ["folder.a", "100644"],
        ["folder-a", "100644"],
        ["folder0", "100644"],
      ],
    ];
    for (const entries of cases) {
      const entryOf = (mode: string) => ({ mode, blob: mode === "160000" ? base : blob });
      const asked = new Map(entries.map(([path, mode]) => [path, mode === undefined ? undefined : entryOf(mode)]));
      const work = async () => {
        const tree = await repository.withEntries(await repository.treeOf(base), asked);
        const commit = await repository.commit({ tree, parent: base, message: MESSAGE, at: DATE });
        return { tree, commit, changes: await repository.changes(base, commit), read: await repository.treeOf(commit) };
      };
      const apart = await work();
      expect(apart).toMatchObject(byIndex(temporary, base, asked));
      expect(await repository.together(work)).toEqual(apart);
    }
  });
});

test("together keeps a name that is not UTF-8 beside what it changes", async () => {
  using temporary = new TemporaryRepository();
  const base = temporary.commit({ "folder/a": "x\n" });
  writeFileSync(Buffer.concat([Buffer.from(`${temporary.root}/folder/`), Buffer.from([0xe9])]), "latin\n");
  temporary.git("add", "--all");
  temporary.git("commit", "--quiet", "--message", "Latin");
  const repository = await temporary.open();
  const head = temporary.git("rev-parse", "HEAD").trim();
  const blob = await repository.writeBlob("new\n");
  const entries = new Map([["folder/b", { mode: "100644", blob }]]);
  const tree = await repository.together(async () => repository.withEntries(await repository.treeOf(head), entries));
  temporary.git("read-tree", head);
  writeFileSync(join(temporary.root, "folder", "b"), "new\n");
  temporary.git("add", "folder/b");
  expect(tree).toBe(temporary.git("write-tree").trim());
  expect(base).not.toBe(head);
});

test("watch undoes hooks beyond what it reads, loses none of them and says it once", async () => {
  using temporary = new TemporaryRepository();
  temporary.commit({ a: "x\n" });
  const repository = await temporary.open();
  const watch = await repository.watch();
  const hooks = join(temporary.root, ".git", "hooks");
  mkdirSync(hooks, { recursive: true });
  const planted = Array.from({ length: 60 }, (_, index) => join(hooks, `planted-${index}`));
  for (const file of planted) {
    writeFileSync(file, "x");
    truncateSync(file, 1_000_000);
  }
  const { tampered } = await watch.end();
  expect(tampered).toEqual([
    expect.objectContaining({ path: ".git", rule: expect.stringMatching(/^60 changes in git's own .*; undone, /) }),
  ]);
  expect(planted.filter((file) => existsSync(file))).toEqual([]);
  const kept = readdirSync(join(temporary.engine, "..", "undone")).filter((name) => name.startsWith("hooks-planted-"));
  expect(kept).toHaveLength(60);
});
