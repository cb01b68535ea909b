/** The user collects garbage at any instant: nothing Forkjoin made is lost before the ref that keeps it. */
import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Repository } from "../../../src/core/ports/repository.ts";
import { collectingGit, withPrograms } from "../../rig/collecting-git.ts";
import { TemporaryRepository } from "./temporary.ts";

const REF = "refs/forkjoin/run/integration";
const AT = 1_700_000_000_000;

/** A commit with a blob of each kind that merging makes: written, merged by git, joined, in a tree of its own. */
async function mergedCommit(repository: Repository, [base, ours, theirs]: [string, string, string]): Promise<string> {
  const merged = await repository.merge(base, ours, theirs);
  const both = (await repository.files(merged.tree)).get("both.txt");
  const written = await repository.writeBlob("written\n");
  const joined = await repository.union(undefined, written, await repository.writeBlob("joined\n"));
  const entries = new Map([
    ["deep/both.txt", both],
    ["deep/joined.txt", { mode: "100644", blob: joined }],
  ]);
  const tree = await repository.withEntries(await repository.treeOf(ours), entries);
  return repository.commit({ tree, parent: ours, message: "Merge", at: AT });
}

function sides(temporary: TemporaryRepository): [string, string, string] {
  const lines = (first: string, last: string): string => [first, ..."23456789", last, ""].join("\n");
  const base = temporary.commit({ "both.txt": lines("1", "10") });
  const ours = temporary.commit({ "both.txt": lines("ours", "10") }, base);
  temporary.git("branch", "ours");
  const theirs = temporary.commit({ "both.txt": lines("1", "theirs") }, base);
  return [base, ours, theirs];
}

describe.each([["sha1"], ["sha256"]])("garbage collected before every git command, in a %s repository", (format) => {
  test("leaves what is merged, alone and together", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const commits = sides(temporary);
    const repository = await temporary.open();
    await withPrograms(collectingGit(temporary.folder, temporary.root), async () => {
      const work = (): Promise<string> => mergedCommit(repository, commits);
      const commit = await work();
      expect(await repository.together(work)).toBe(commit);
      expect(await repository.moveRef(REF, commit, undefined)).toEqual({ ok: true, value: undefined });
    });
    temporary.git("gc", "--prune=now", "--quiet");
    temporary.git("fsck", "--strict");
    const merged = temporary.git("show", `${REF}:deep/both.txt`);
    expect([merged.startsWith("ours\n"), merged.endsWith("theirs\n")]).toEqual([true, true]);
    expect(temporary.git("show", `${REF}:deep/joined.txt`)).toContain("joined");
  });

  test("leaves what an attempt did, in a workspace on a commit that no ref keeps yet", async () => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    const commits = sides(temporary);
    const repository = await temporary.open();
    const ref = "refs/forkjoin/run/attempts/task/1";
    const base = await mergedCommit(repository, commits);
    await withPrograms(collectingGit(temporary.folder, temporary.root), async () => {
      const workspace = await temporary.workspace(base);
      mkdirSync(join(workspace.directory, "new"));
      writeFileSync(join(workspace.directory, "new", "a.txt"), "attempt\n");
      expect(await workspace.changes()).toMatchObject({ ok: true, value: [{ path: "new/a.txt" }] });
      const committed = await workspace.commit({ paths: ["new/a.txt"], message: "Attempt\n", ref, at: AT });
      expect(committed).toMatchObject({ ok: true, value: { files: ["new/a.txt"] } });
      await workspace.dispose();
    });
    temporary.git("gc", "--prune=now", "--quiet");
    temporary.git("fsck", "--strict");
    expect(temporary.git("show", `${ref}:new/a.txt`)).toBe("attempt\n");
    expect(temporary.git("rev-parse", `${ref}^`).trim()).toBe(base);
  });
});

/** An object with this content in the user's repository, which nothing there needs. */
function unreachable(temporary: TemporaryRepository, content: string): string {
  const file = join(temporary.folder, "content");
  writeFileSync(file, content);
  return temporary.git("hash-object", "-w", file).trim();
}

describe("an object that is garbage in the user's repository", () => {
  test("is made all the same when a merge needs it", async () => {
    using temporary = new TemporaryRepository();
    const [base, ours, theirs] = sides(temporary);
    temporary.git("branch", "theirs", theirs);
    const merged = temporary.git("merge-tree", "--write-tree", ours, theirs).trim();
    const garbage = [
      ...[unreachable(temporary, "written\n"), unreachable(temporary, "joined\n")],
      temporary.git("rev-parse", `${merged}:both.txt`).trim(),
    ];
    const repository = await temporary.open();
    const commit = await mergedCommit(repository, [base, ours, theirs]);
    temporary.git("gc", "--prune=now", "--quiet");
    for (const id of garbage) expect(() => temporary.git("cat-file", "-e", id)).toThrow();
    expect(await repository.moveRef(REF, commit, undefined)).toMatchObject({ ok: true });
    temporary.git("fsck", "--strict");
    expect(temporary.git("show", `${REF}:deep/both.txt`)).toContain("theirs");
  });

  test("is made all the same when an attempt's commit needs it", async () => {
    using temporary = new TemporaryRepository();
    const base = temporary.commit({ a: "x\n" });
    unreachable(temporary, "attempt\n");
    const workspace = await temporary.workspace(base);
    writeFileSync(join(workspace.directory, "b"), "attempt\n");
    await workspace.changes();
    const programs = collectingGit(temporary.folder, temporary.root, ["write-tree"]);
    const order = { paths: ["b"], message: "Attempt\n", ref: REF, at: AT };
    expect(await withPrograms(programs, () => workspace.commit(order))).toMatchObject({ ok: true });
    temporary.git("fsck", "--strict");
    expect(temporary.git("show", `${REF}:b`)).toBe("attempt\n");
  });
});

describe("the user's repository", () => {
  test("is not filled with packs, however many refs are moved", async () => {
    using temporary = new TemporaryRepository();
    let commit = temporary.commit({ a: "x\n" });
    const repository = await temporary.open();
    const tree = await repository.treeOf(commit);
    for (let at = 1; at <= 30; at += 1) {
      commit = await repository.commit({ tree, parent: commit, message: `${at}`, at });
      expect(await repository.moveRef(`refs/forkjoin/run/${at}`, commit, undefined)).toMatchObject({ ok: true });
    }
    const files = readdirSync(join(temporary.root, ".git", "objects", "pack"));
    expect(files.filter((name) => name.endsWith(".pack"))).toHaveLength(7);
    expect(files.filter((name) => !/^pack-[0-9a-f]+\.(pack|idx|rev)$/.test(name))).toEqual([]);
    temporary.git("fsck", "--strict");
    expect(temporary.git("rev-list", "--count", "refs/forkjoin/run/30").trim()).toBe("31");
    expect(readdirSync(join(temporary.engine, "objects", "pack"))).toEqual([]);
  });

  test("is rid of what a killed process left there, on another day", async () => {
    using temporary = new TemporaryRepository();
    temporary.commit({ a: "x\n" });
    const repository = await temporary.open();
    const blob = await repository.writeBlob("nobody's\n");
    const packs = join(temporary.root, ".git", "objects", "pack");
    const object = join(temporary.engine, "written", blob.slice(0, 2), blob.slice(2));
    const made = join(temporary.engine, "objects", "pack");
    mkdirSync(made, { recursive: true });
    const left = [join(packs, "pack-1.keep"), join(packs, "forkjoin-draft"), join(made, "1-2.pack")];
    left.push(join(temporary.engine, "written", "tmp_obj_1"), join(temporary.engine, "index-1"));
    const theirs = join(packs, "pack-2.keep");
    for (const file of left) writeFileSync(file, "forkjoin\n");
    writeFileSync(theirs, "mine\n");
    for (const file of [...left, theirs, object, join(temporary.engine, "swept")]) utimesSync(file, 0, 0);
    await temporary.open();
    expect([...left, object].filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(theirs)).toBe(true);
  });

  test("that cannot be written is no ref that someone else moved", async () => {
    using temporary = new TemporaryRepository();
    const parent = temporary.commit({ a: "x\n" });
    const repository = await temporary.open();
    const commit = await repository.commit({ tree: await repository.treeOf(parent), parent, message: "Next", at: AT });
    const packs = join(temporary.root, ".git", "objects", "pack");
    renameSync(packs, `${packs}-away`);
    writeFileSync(packs, "");
    const failed = { code: "git_failed", message: expect.stringContaining(REF), hint: expect.stringContaining("room") };
    expect(await repository.moveRef(REF, commit, undefined)).toMatchObject({ ok: false, error: failed });
  });
});
