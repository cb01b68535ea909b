import { execFileSync } from "node:child_process";
import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileKnowledgeSource } from "../../../src/adapters/knowledge-source/file-knowledge-source.ts";
import { temporaryFolder } from "../../core/0-knowledge/temporary-folder.ts";
import { withoutPrivileges } from "../../rig/without-privileges.ts";

const isWindows = process.platform === "win32";

describe("fileKnowledgeSource: the graph", () => {
  test("is the named file, wherever it lies", async () => {
    const [elsewhere, root] = [
      await temporaryFolder({ "g.json": "{}" }),
      await temporaryFolder({ "knowledge_graph.json": "[]" }),
    ];
    const graph = join(elsewhere, "g.json");
    expect(await fileKnowledgeSource({ graph, roots: [root] }).graph()).toEqual({
      ok: true,
      value: { location: graph, text: "{}" },
    });
  });

  test("is otherwise knowledge_graph.json in the first root that has one", async () => {
    const roots = [
      await temporaryFolder({}),
      await temporaryFolder({ "knowledge_graph.json": "1" }),
      await temporaryFolder({ "knowledge_graph.json": "2" }),
    ];
    expect(await fileKnowledgeSource({ roots }).graph()).toEqual({
      ok: true,
      value: { location: join(roots[1] ?? "", "knowledge_graph.json"), text: "1" },
    });
  });

  test("is undefined when there is none", async () => {
    const root = await temporaryFolder({ "a.md": "x" });
    const none = { ok: true, value: undefined };
    expect(await fileKnowledgeSource({ roots: [root] }).graph()).toEqual(none);
    expect(await fileKnowledgeSource({ roots: [] }).graph()).toEqual(none);
    expect(await fileKnowledgeSource({ roots: [join(root, "no-such-root")] }).graph()).toEqual(none);
    expect(await fileKnowledgeSource({ graph: join(root, "gone.json"), roots: [] }).graph()).toEqual(none);
    expect(await fileKnowledgeSource({ graph: join(root, "a.md", "gone.json"), roots: [] }).graph()).toEqual(none);
  });

  test.each([
    ["is a folder", { "knowledge_graph.json/a.md": "x" }, "it is no regular file"],
    ["is over 5 MB", { "knowledge_graph.json": " ".repeat(5 * 1024 * 1024 + 1) }, "it is over 5 MB"],
    ["is not UTF-8", { "knowledge_graph.json": new Uint8Array([0x7b, 0xff, 0x7d]) }, "it is not UTF-8 text"],
  ])("fails when it %s", async (_, files, why) => {
    const root = await temporaryFolder(files);
    expect(await fileKnowledgeSource({ roots: [root] }).graph()).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message: `${join(root, "knowledge_graph.json")}: the knowledge graph cannot be read: ${why}`,
        hint: "Make knowledge_graph.json a readable UTF-8 file of at most 5 MB, or name another one.",
      },
    });
  });

  test.skipIf(isWindows)("fails when permission is missing", async () => {
    const root = await temporaryFolder({ "knowledge_graph.json": "{}" });
    await chmod(join(root, "knowledge_graph.json"), 0);
    const result = await withoutPrivileges(root, () => fileKnowledgeSource({ roots: [root] }).graph());
    expect(result.ok ? "ok" : result.error.message).toMatch(/cannot be read: EACCES/);
  });

  test("is not found through a symbolic link that leads out of the roots", async () => {
    const [outside, root] = [await temporaryFolder({ "g.json": "{}" }), await temporaryFolder({})];
    await symlink(join(outside, "g.json"), join(root, "knowledge_graph.json"));
    expect(await fileKnowledgeSource({ roots: [root] }).graph()).toEqual({ ok: true, value: undefined });
  });
});

describe("fileKnowledgeSource: files", () => {
  test("come from the first root that has them", async () => {
    const roots = [
      await temporaryFolder({ "a.md": "first" }),
      await temporaryFolder({ "a.md": "second", "b/c.md": "é" }),
    ];
    const source = fileKnowledgeSource({ roots });
    expect(await source.files("a.md")).toEqual([{ path: "a.md", size_bytes: 5, text: "first" }]);
    expect(await source.files("b/c.md")).toEqual([{ path: "b/c.md", size_bytes: 2, text: "é" }]);
    expect(await source.files("gone.md")).toEqual([]);
  });

  test("of a folder come sorted, at every depth, without git's own directory", async () => {
    const root = await temporaryFolder({
      "d/b.md": "b",
      "d/a/z.md": "z",
      "d/a.md": "a",
      "d/.git/config": "secret",
      "e.md": "e",
    });
    const expected = ["d/a.md", "d/a/z.md", "d/b.md"];
    const source = fileKnowledgeSource({ roots: [root] });
    expect((await source.files("d/")).map(({ path }) => path)).toEqual(expected);
    expect((await source.files("d")).map(({ path }) => path)).toEqual(expected);
  });

  test("a final slash asks for a folder: a file of that name is not one", async () => {
    const root = await temporaryFolder({ "a.md": "x" });
    expect(await fileKnowledgeSource({ roots: [root] }).files("a.md/")).toEqual([]);
  });

  test("a folder without text in one root gives way to the next root", async () => {
    const roots = [await temporaryFolder({ "d/logo.png": "\u0000" }), await temporaryFolder({ "d/a.md": "a" })];
    expect(await fileKnowledgeSource({ roots }).files("d/")).toEqual([{ path: "d/a.md", size_bytes: 1, text: "a" }]);
  });

  test("binary files and files over 1 MB are skipped", async () => {
    const limit = 1024 * 1024;
    const root = await temporaryFolder({
      "d/binary": new Uint8Array([0x89, 0x50, 0x00, 0x01]),
      "d/empty": "",
      "d/full": "x".repeat(limit),
      "d/over": "x".repeat(limit + 1),
    });
    const source = fileKnowledgeSource({ roots: [root] });
    expect((await source.files("d/")).map(({ path, size_bytes }) => [path, size_bytes])).toEqual([
      ["d/empty", 0],
      ["d/full", limit],
    ]);
    expect(await source.files("d/binary")).toEqual([]);
    expect(await source.files("d/over")).toEqual([]);
  });

  test("a folder of more than 1 000 files gives nothing", async () => {
    const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`d/${at}.md`, "x"]));
    const root = await temporaryFolder({ ...files, "e/one.md": "x" });
    const source = fileKnowledgeSource({ roots: [root] });
    expect([(await source.files("d/")).length, (await source.files("e/")).length]).toEqual([0, 1]);
  });

  test.each([
    "../a.md",
    "d/../../a.md",
    "/etc/hostname",
    "C:/a.md",
    "d\\a.md",
    "",
    ".",
    "./",
    "/",
    "~/a.md",
    "a\u0000.md",
    ".git/config",
  ])("the path %j is absent", async (path) => {
    const outer = await temporaryFolder({ "a.md": "outside", "root/d/a.md": "inside", "root/.git/config": "secret" });
    expect(await fileKnowledgeSource({ roots: [join(outer, "root")] }).files(path)).toEqual([]);
  });

  test("symbolic links that lead out of the roots are absent, also inside a folder", async () => {
    const outside = await temporaryFolder({ "secret.md": "secret", "deep/secret.md": "secret" });
    const root = await temporaryFolder({ "d/a.md": "a", ".git/config": "secret" });
    await symlink(join(outside, "secret.md"), join(root, "d", "out.md"));
    await symlink(join(outside, "deep"), join(root, "d", "out"));
    await symlink(join(root, ".git", "config"), join(root, "d", "config.md"));
    await symlink(join(root, "gone"), join(root, "d", "dangling"));
    const source = fileKnowledgeSource({ roots: [root] });
    expect(await source.files("d/")).toEqual([{ path: "d/a.md", size_bytes: 1, text: "a" }]);
    for (const path of ["d/out.md", "d/out/", "d/out/secret.md", "d/config.md", "d/dangling"]) {
      expect(await source.files(path)).toEqual([]);
    }
  });

  test("symbolic links within the roots are followed to files; links to folders only when named", async () => {
    const [shared, root] = [await temporaryFolder({ "s.md": "s" }), await temporaryFolder({ "d/a.md": "a" })];
    await symlink("a.md", join(root, "d", "b.md"));
    await symlink(join(shared, "s.md"), join(root, "d", "s.md"));
    await symlink(".", join(root, "d", "circle"));
    await symlink("d", join(root, "linked"));
    const source = fileKnowledgeSource({ roots: [root, shared] });
    expect((await source.files("d/")).map(({ path, text }) => [path, text])).toEqual([
      ["d/a.md", "a"],
      ["d/b.md", "a"],
      ["d/s.md", "s"],
    ]);
    expect((await source.files("linked/")).map(({ path }) => path)).toEqual([
      "linked/a.md",
      "linked/b.md",
      "linked/s.md",
    ]);
  });

  test("a root may itself be a symbolic link", async () => {
    const [real, folder] = [await temporaryFolder({ "a.md": "a" }), await temporaryFolder({})];
    await symlink(real, join(folder, "root"));
    expect((await fileKnowledgeSource({ roots: [join(folder, "root")] }).files("a.md")).length).toEqual(1);
  });

  test.skipIf(isWindows)("a named pipe is absent and holds nothing up", async () => {
    const root = await temporaryFolder({ "d/a.md": "a" });
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", join(root, "d", "pipe")]);
    const source = fileKnowledgeSource({ roots: [root] });
    expect(await source.files("d/pipe")).toEqual([]);
    expect((await source.files("d/")).map(({ path }) => path)).toEqual(["d/a.md"]);
  });

  test.skipIf(isWindows)("a file or folder without permission is absent", async () => {
    const root = await temporaryFolder({ "d/a.md": "a", "d/closed.md": "x" });
    await mkdir(join(root, "d", "closed"), { mode: 0 });
    await chmod(join(root, "d", "closed.md"), 0);
    const files = await withoutPrivileges(root, () => fileKnowledgeSource({ roots: [root] }).files("d/"));
    expect(files.map(({ path }) => path)).toEqual(["d/a.md"]);
  });
});
