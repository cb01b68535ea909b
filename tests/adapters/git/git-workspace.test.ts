/** A workspace read from disk: what changed, what is ignored, what no task may produce, and what can be committed. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileChange, Workspace } from "../../../src/core/ports/workspace.ts";
import { AWKWARD, TemporaryRepository } from "./temporary.ts";

async function changesOf(workspace: Workspace): Promise<FileChange[]> {
  const changes = await workspace.changes();
  if (!changes.ok) throw new Error(changes.error.message);
  return changes.value;
}

const paths = async (workspace: Workspace): Promise<string[]> => (await changesOf(workspace)).map(({ path }) => path);

const at = (workspace: Workspace, path: string): string => {
  mkdirSync(dirname(join(workspace.directory, path)), { recursive: true });
  return join(workspace.directory, path);
};

describe("changes", () => {
  test("are none in a fresh workspace", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n", "deep/b": "y\n" }));
    expect(await changesOf(workspace)).toEqual([]);
  });

  test("are found on names that are hard to parse, and can be committed", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    for (const path of AWKWARD) writeFileSync(at(workspace, path), "new\n");
    expect((await paths(workspace)).sort()).toEqual([...AWKWARD].sort());
    const request = { paths: AWKWARD, message: "m", ref: "refs/forkjoin/x", at: 0 };
    const committed = await workspace.commit(request);
    expect(committed).toMatchObject({ ok: true, value: { files: [...AWKWARD].sort(), insertions: AWKWARD.length } });
  });

  test("are found when time and size are made to look as before", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    writeFileSync(at(workspace, "a"), "y\n");
    utimesSync(at(workspace, "a"), 1, 1);
    expect(await changesOf(workspace)).toMatchObject([{ path: "a", change: "modified", kind: "file", ignored: false }]);
  });

  test("count deletions, modes and kinds, but no folders", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n", b: "x\n", c: "x\n" }));
    rmSync(at(workspace, "a"));
    chmodSync(at(workspace, "b"), 0o755);
    rmSync(at(workspace, "c"));
    writeFileSync(at(workspace, "c/inside"), "x");
    mkdirSync(at(workspace, "empty"));
    expect((await changesOf(workspace)).map(({ path, change }) => `${change} ${path}`)).toEqual([
      "deleted a",
      "modified b",
      "deleted c",
      "created c/inside",
    ]);
  });

  test("in node_modules count only where the repository tracks something there", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ "lib/node_modules/x": "x\n" }));
    writeFileSync(at(workspace, "lib/node_modules/y"), "y");
    writeFileSync(at(workspace, "node_modules/z"), "z");
    expect(await paths(workspace)).toEqual(["lib/node_modules/y"]);
  });

  test("to names that are not UTF-8 are seen", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    writeFileSync(Buffer.concat([Buffer.from(`${workspace.directory}/bad`), Buffer.from([0xff])]), "x");
    expect(await changesOf(workspace)).toMatchObject([{ change: "created", forbidden: "a name that is not UTF-8" }]);
  });
});

describe("ignored", () => {
  test("is what the base commit's rules say, whatever the workspace's own files say now", async () => {
    using temporary = new TemporaryRepository();
    const files = { ".gitignore": "*.log\n/cache/\n", "deep/.gitignore": "*.tmp\n!keep.tmp\n", a: "x\n" };
    const workspace = await temporary.workspace(temporary.commit(files));
    writeFileSync(at(workspace, ".gitignore"), "*\n");
    for (const path of ["x.log", "cache/y", "deep/z.tmp", "deep/keep.tmp", "other/cache/y", "w.tmp"]) {
      writeFileSync(at(workspace, path), "x");
    }
    const ignored = (await changesOf(workspace)).filter((change) => change.ignored).map((change) => change.path);
    expect(ignored).toEqual(["cache/y", "deep/z.tmp", "x.log"]);
  });

  test("is never a tracked file", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ ".gitignore": "*.log\n", "kept.log": "x\n" }));
    writeFileSync(at(workspace, "kept.log"), "y\n");
    expect(await changesOf(workspace)).toMatchObject([{ path: "kept.log", ignored: false }]);
  });
});

describe("forbidden", () => {
  test.each([
    ["a pipe", "p", (file: string) => execFileSync("mkfifo", [file]), "a device, socket or pipe"],
    ["a set-user-id file", "s", (file: string) => writeFileSync(file, "", { mode: 0o4755 }), "a set-user-id"],
    ["a second name of a file", "h", (file: string) => linkSync(join(dirname(file), "a"), file), "a hard link"],
    ["an absolute link", "l", (file: string) => symlinkSync("/etc", file), "leads out"],
    ["a link above the top", "l", (file: string) => symlinkSync("../x", file), "leads out"],
    ["a link to git's directory", "l", (file: string) => symlinkSync(".git/hooks", file), "git's own directory"],
    ["a nested .git", "n/.git", (file: string) => mkdirSync(file), "git metadata"],
    ["git's short name", "GIT~1", (file: string) => writeFileSync(file, ""), "git metadata"],
  ] as const)("is %s", async (_, path, make, rule) => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    make(at(workspace, path));
    const found = (await changesOf(workspace)).find((change) => change.path === path);
    expect(found?.forbidden).toContain(rule);
  });

  test("is a link that leads out through another link", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ "d/a": "x\n" }));
    symlinkSync("/etc", at(workspace, "out"));
    symlinkSync("../out/passwd", at(workspace, "d/l"));
    const found = (await changesOf(workspace)).find((change) => change.path === "d/l");
    expect(found?.forbidden).toContain("leads out");
  });

  test("is not a link that stays inside", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ "d/a": "x\n" }));
    symlinkSync("../d/a", at(workspace, "d/l"));
    expect(await changesOf(workspace)).toEqual([expect.not.objectContaining({ forbidden: expect.anything() })]);
  });
});

describe("commit", () => {
  test("holds exactly the paths it was given, on top of the base, and leaves out what git has no place for", async () => {
    using temporary = new TemporaryRepository();
    const base = temporary.commit({ a: "x\n", b: "x\n" });
    const workspace = await temporary.workspace(base);
    for (const path of ["a", "b", "c", "n/.git/config"]) writeFileSync(at(workspace, path), "new\n");
    execFileSync("mkfifo", [at(workspace, "p")]);
    await changesOf(workspace);
    const request = { paths: ["a", "c", "p", "n/.git/config"], message: "m", ref: "refs/forkjoin/kept", at: 1_000 };
    expect(await workspace.commit(request)).toMatchObject({ ok: true, value: { files: ["a", "c"] } });
    expect(temporary.git("rev-parse", "refs/forkjoin/kept^").trim()).toBe(base);
  });
});

describe("a path that is written between the verification and the commit", () => {
  test.each([
    ["changed", (file: string) => writeFileSync(file, "later\n")],
    ["removed", (file: string) => rmSync(file)],
    ["made a link", (file: string) => [rmSync(file), symlinkSync("/etc/passwd", file)]],
  ] as const)("fails the commit when it was %s: a process escaped", async (_, act) => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    writeFileSync(at(workspace, "a"), "verified\n");
    await changesOf(workspace);
    act(at(workspace, "a"));
    const request = { paths: ["a"], message: "m", ref: "refs/forkjoin/late", at: 0 };
    const committed = await workspace.commit(request);
    expect(committed).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/scope_violation|git_failed/) },
    });
    expect(temporary.git("for-each-ref", "refs/forkjoin/late")).toBe("");
  });
});

describe("workspaces", () => {
  test("leave nothing behind when they cannot be made, or were cancelled before", async () => {
    using temporary = new TemporaryRepository();
    temporary.commit({ a: "x\n" });
    const workspaces = await temporary.workspaces();
    const request = { run_id: "run", name: "task/1", base: "0".repeat(40), copy: [] };
    const failed = await workspaces.create(request, new AbortController().signal);
    expect(failed).toMatchObject({ ok: false, error: { code: "workspace_failed" } });
    expect(existsSync(workspaces.locate("run", "task/1").folder)).toBe(false);
    const cancelled = await workspaces.create(request, AbortSignal.abort());
    expect(cancelled).toMatchObject({ ok: false, error: { code: "cancelled" } });
  });

  test("are removed with everything in them, also what lost its write permission", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ "d/a": "x\n" }));
    chmodSync(at(workspace, "d"), 0o500);
    await workspace.dispose();
    expect(existsSync(workspace.folder)).toBe(false);
    await (await temporary.workspaces()).reap("run");
    expect(existsSync(join(temporary.folder, "home", "workspaces", "run"))).toBe(false);
  });
});
