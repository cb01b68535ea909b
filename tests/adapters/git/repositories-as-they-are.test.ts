/** Repositories as people have them: tags, upstreams, submodules, attributes of merging, partial clones, absolute links in copied folders. */
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRepository } from "../../../src/adapters/git/repository/git-repository.ts";
import { locateRepository } from "../../../src/adapters/git/repository/repository-location.ts";
import { DEFAULT_LIMITS } from "../../../src/core/model/limits.ts";
import { git } from "../../rig/git.ts";
import { AWKWARD, TemporaryRepository } from "./temporary.ts";

let user: TemporaryRepository;
beforeEach(() => {
  user = new TemporaryRepository();
});
afterEach(() => rmSync(user.folder, { recursive: true, force: true }));

describe("a workspace's own git", () => {
  test("knows tags, the base branch and what it follows, and judges none of them as left aside", async () => {
    user.commit({ "a.txt": "a\n" });
    user.git("tag", "--annotate", "--message", "One", "v1.0");
    const remote = join(user.folder, "remote.git");
    user.git("clone", "--quiet", "--bare", user.root, remote);
    user.git("remote", "add", "origin", remote);
    user.git("fetch", "--quiet", "origin");
    user.git("branch", "--quiet", "--set-upstream-to=origin/main");
    const base = user.commit({ "b.txt": "b\n" });
    user.git("checkout", "--quiet", "-b", "feature");
    const ahead = user.commit({ "c.txt": "c\n" });
    const workspace = await user.workspace(base);
    const inside = (...args: string[]): string => git(workspace.directory, ...args).trim();
    expect(inside("describe", "--tags")).toMatch(/^v1\.0-1-g/);
    expect(inside("rev-parse", "feature")).toBe(ahead);
    expect(inside("rev-parse", "--abbrev-ref", "main@{upstream}")).toBe("origin/main");
    expect(inside("diff", "--name-only", "origin/main...HEAD")).toBe("b.txt");
    expect(inside("diff", "--name-only", "main...HEAD")).toBe("");
    expect(() => inside("push", "origin", "HEAD:refs/heads/stolen")).toThrow();
    git(workspace.directory, "commit", "--quiet", "--allow-empty", "--message", "own");
    expect(await workspace.tampering()).toEqual([]);
    expect(await workspace.keepSideWork("refs/forkjoin/run/rejected/task/1", DEFAULT_LIMITS)).toEqual([]);
  });

  test("finds a submodule by an address that is relative to the repository, with a remote and without", async () => {
    const library = join(user.folder, "library");
    mkdirSync(library);
    git(library, "init", "--quiet");
    writeFileSync(join(library, "lib.js"), "lib\n");
    git(library, "add", "--all");
    git(library, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "Begin");
    user.commit({ "a.txt": "a\n" });
    const allowed = ["-c", "protocol.file.allow=always"];
    user.git(...allowed, "submodule", "--quiet", "add", "../library", "vendor/lib");
    const workspace = await user.workspace(user.commit({}));
    git(workspace.directory, ...allowed, "submodule", "--quiet", "update", "--init");
    expect(readFileSync(join(workspace.directory, "vendor/lib/lib.js"), "utf8")).toBe("lib\n");
  });
});

test("absolute links into the checkout lead into the copy of a folder", async () => {
  const base = user.commit({ ".gitignore": "cache\n", "a.txt": "a\n" });
  mkdirSync(join(user.root, "cache/deep"), { recursive: true });
  writeFileSync(join(user.root, "cache/real"), "real\n");
  symlinkSync(join(user.root, "cache/real"), join(user.root, "cache/deep/inner"));
  symlinkSync("/usr/bin/env", join(user.root, "cache/outer"));
  const workspaces = await user.workspaces();
  const request = { run_id: "run", name: "task/1", base, copy: ["cache"] };
  const made = await workspaces.create(request, new AbortController().signal);
  const directory = made.ok ? made.value.directory : "";
  expect(readlinkSync(join(directory, "cache/deep/inner"))).toBe("../real");
  expect(readFileSync(join(directory, "cache/deep/inner"), "utf8")).toBe("real\n");
  expect(readlinkSync(join(directory, "cache/outer"))).toBe("/usr/bin/env");
});

describe("attributes", () => {
  const TEXT = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  const FIRST = TEXT.replace("1", "A");
  const LAST = TEXT.replace("9", "B");

  async function merged(attributes: string, path: string, [before, ours, theirs] = [TEXT, FIRST, LAST]) {
    const base = user.commit({ ".gitattributes": attributes, [path]: before ?? "" });
    const [one, two] = [user.commit({ [path]: ours ?? "" }, base), user.commit({ [path]: theirs ?? "" }, base)];
    const repository = await user.open();
    const { tree, conflicts } = await repository.merge(base, one, two);
    const entry = (await repository.files(tree)).get(path);
    const text = entry === undefined ? undefined : await repository.text(entry.blob, 1_000);
    return { conflicts, text: text !== undefined && "text" in text ? text.text : undefined };
  }

  test.each(["gen.txt -merge", "*.txt binary", "[attr]own -merge\n*.txt own", "gen.txt merge=binary"])(
    "%j: one version or the other",
    async (attributes) => {
      expect((await merged(`${attributes}\n`, "gen.txt")).conflicts).toMatchObject([{ path: "gen.txt", whole: true }]);
    },
  );

  test.each(["*.md -merge", "gen.txt merge", "gen.txt merge=own"])("%j: merged as any text", async (attributes) => {
    expect(await merged(`${attributes}\n`, "gen.txt")).toEqual({ conflicts: [], text: FIRST.replace("9", "B") });
  });

  test("union: both sides' lines, where git would ask", async () => {
    const both = await merged("gen.txt merge=union\n", "gen.txt", ["a\n", "a\nx\n", "a\ny\n"]);
    expect(both).toEqual({ conflicts: [], text: "a\nx\ny\n" });
  });

  test.each(AWKWARD.filter((name) => !name.includes("/")))(
    "are found for a file called %j, and for no other",
    async (name) => {
      expect((await merged("* -merge\n", name)).conflicts).toMatchObject([{ path: name, whole: true }]);
    },
  );
});

describe("a partial clone", () => {
  async function clone(filter: string): Promise<{ root: string; base: string }> {
    user.commit({ "a.txt": "a\n", "deep/b.txt": "b\n" });
    user.git("config", "uploadpack.allowFilter", "true");
    user.git("config", "uploadpack.allowAnySHA1InWant", "true");
    const root = join(user.folder, "clone");
    user.git("clone", "--quiet", `--filter=${filter}`, `file://${user.root}`, root);
    const base = user.commit({ "new.txt": "new\n", "deep/er/c.txt": "c\n" });
    git(root, "fetch", "--quiet");
    return { root, base };
  }
  const open = async (root: string) => {
    const located = await locateRepository(root);
    if (!located.ok) throw new Error(located.error.message);
    return openRepository(located.value, join(user.folder, "engine.git"));
  };

  test.each(["blob:none", "tree:0"])("%s: what the base lacks is fetched, and no ref moves", async (filter) => {
    const { root, base } = await clone(filter);
    const refs = git(root, "for-each-ref");
    const repository = await open(root);
    expect(await repository.checkTrees(base)).toMatchObject({ ok: true });
    const entry = (await repository.files(base)).get("deep/er/c.txt");
    expect(await repository.text(entry?.blob ?? "", 100)).toEqual({ text: "c\n" });
    expect(git(root, "for-each-ref")).toBe(refs);
  });

  test("whose remote is gone is refused with the cure", async () => {
    const { root, base } = await clone("blob:none");
    git(root, "remote", "set-url", "origin", join(user.folder, "gone"));
    const refused = await (await open(root)).checkTrees(base);
    expect(refused).toMatchObject({ ok: false, error: { code: "unsupported_content" } });
    expect(JSON.stringify(refused)).toMatch(/partial clone.*git fetch origin/);
  });
});
