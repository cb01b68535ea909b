/** The file boundary, attacked by real processes: what leaves it is not accepted, is named, is kept, and never runs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, chmod, git, remove, rename, run, symlink, write } from "../rig/steps.ts";

const FILES = { "src/a.txt": "a\n", "src/b.txt": "b\n", "other/c.txt": "c\n", ".gitignore": "cache/\n*.log\n" };

describe("work that was not accepted", () => {
  test("is kept under refs/forkjoin, in scope or not", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    rig.script({ a: [append("src/a.txt", "mine\n"), write("other/new.txt", "theirs\n"), remove("other/c.txt")] });
    const { report } = await rig.run(rig.tasks({ id: "a", files: ["src/**"] }));
    expect(report.tasks[0]).toMatchObject({ status: "failed", error: { code: "scope_violation" } });
    const kept = `refs/forkjoin/${report.run_id}/rejected/a/3`;
    expect(rig.show(kept, "src/a.txt")).toBe("a\nmine\n");
    expect(rig.show(kept, "other/new.txt")).toBe("theirs\n");
    expect(rig.show(kept, "other/c.txt")).toBeUndefined();
  });

  seldom("does not keep the others of its batch from landing", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    rig.script({ a: [write("other/new.txt", "x")], b: [append("src/b.txt", "good\n")] });
    const { code, report } = await rig.run(
      rig.tasks({ id: "a", files: ["src/a.txt"] }, { id: "b", files: ["src/b.txt"] }),
    );
    expect(code).toBe(1);
    expect(rig.show(`forkjoin/${report.run_id}`, "src/b.txt")).toBe("b\ngood\n");
    expect(rig.show(`forkjoin/${report.run_id}`, "other/new.txt")).toBeUndefined();
  });
});

describe("inside the boundary", () => {
  seldom("a folder may become a link to another one", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    rig.script({ a: [rename("src", "moved"), symlink("src", "moved")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["**"] }));
    expect(code).toBe(0);
    expect(report.tasks[0]?.result?.files).toEqual(["moved/a.txt", "moved/b.txt", "src", "src/a.txt", "src/b.txt"]);
    expect(rig.show(report.commit, "src")).toBe("moved");
  });

  test("an agent may create, change, delete, rename, link and commit", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    const job = [write("src/deep/new.txt", "n\n"), rename("src/b.txt", "src/z.txt"), chmod("src/z.txt", 0o755)];
    rig.script({
      a: [...job, remove("src/a.txt"), symlink("src/l", "deep/new.txt"), git("add", "-A"), git("commit", "-qm", "x")],
    });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["src/**"] }));
    expect(code).toBe(0);
    const tree = rig
      .git("ls-tree", "-r", report.commit, "src")
      .replaceAll(/ blob \w+\t/g, " ")
      .trim()
      .split("\n");
    expect(tree).toEqual(["100644 src/deep/new.txt", "120000 src/l", "100755 src/z.txt"]);
    expect(rig.git("log", "--format=%s", `main..${report.commit}`).trim()).toBe("Do a");
  });

  test("what the base commit ignores is neither a violation nor part of the result", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    rig.script({ a: [append("src/a.txt", "x\n"), write("cache/x", "x"), write("src/build.log", "x")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["src/**"] }));
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ attempts: 1, result: { files: ["src/a.txt"] } });
  });

  test("names with spaces, quotes and other scripts land as they are; tabs and line breaks, where the base has them", async () => {
    const there = ["src/a\ttab", "src/a\nbreak"];
    const files = { ...FILES, ...Object.fromEntries(there.map((name) => [name, "old\n"])) };
    await using rig = await Rig.create({ files, config: { sandbox: "off" } });
    const names = [...there, "src/two words", 'src/a "quote"', "src/ünïcödé 漢字 🙂", "src/-dash"];
    rig.script({ a: names.map((name) => write(name, "x\n")) });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["src/**"] }));
    expect(code).toBe(0);
    expect(report.tasks[0]?.result?.files).toEqual([...names].sort());
    expect(report.loss).toEqual({ hunks: 6, accounted: 6, dropped: [] });
    for (const name of names) expect(rig.show(report.commit, name)).toBe("x\n");
  });
});

describe("what an agent plants in its git directory or in the tree", () => {
  test("is never executed by Forkjoin, and fails the attempt where git would have", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    const trap = rig.file("trap.sh", `#!/bin/sh\necho sprung >> ${rig.folder}/sprung\n[ $# -eq 0 ] || cat\n`, 0o755);
    const hooks = ["post-index-change", "pre-commit", "reference-transaction", "post-checkout", "post-commit"];
    const keys = [
      "core.fsmonitor",
      "diff.external",
      "filter.x.clean",
      "filter.x.smudge",
      "merge.x.driver",
      "gpg.program",
    ];
    const mine = [write("src/.gitattributes", "* filter=x diff=x merge=x\n"), append("src/a.txt", "mine\n")];
    rig.script({
      a: [
        [
          ...hooks.map((hook) => write(`.git/hooks/${hook}`, `#!/bin/sh\n${trap}\n`)),
          ...hooks.map((hook) => chmod(`.git/hooks/${hook}`, 0o755)),
          ...keys.map((key) => run("git", "config", key, trap)),
          run("rm", "-f", join(rig.folder, "sprung")),
          ...mine,
        ],
        mine,
      ],
      b: [append("src/a.txt", "later\n")],
    });
    const tasks = rig.tasks({ id: "a", files: ["src/**"] }, { id: "b", files: ["src/**"], depends_on: ["a"] });
    const { code, report } = await rig.run(tasks);
    expect(code).toBe(0);
    expect(rig.show(report.commit, "src/a.txt")).toBe("a\nmine\nlater\n");
    const told = rig.briefOf("a", 2);
    expect(told).toContain(
      "- .git/config: sets core.fsmonitor, diff.external, filter.x.clean, filter.x.smudge, gpg.program",
    );
    for (const hook of hooks) expect(told).toContain(`- .git/hooks/${hook}: a hook that git would run`);
    expect(rig.show(`refs/forkjoin/${report.run_id}/rejected/a/1`, "src/a.txt")).toBe("a\nmine\n");
    const copy = join(rig.home, "logs", report.run_id, "a", "1.git", "hooks", "pre-commit");
    expect(readFileSync(copy, "utf8")).toBe(`#!/bin/sh\n${trap}\n`);
    expect(existsSync(join(rig.folder, "sprung"))).toBe(false);
  });

  test("changes nothing in the user's repository, whose objects it only borrows", async () => {
    await using rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
    rig.script({
      a: [
        ...[
          ["branch", "evil"],
          ["tag", "evil"],
          ["stash"],
          ["config", "user.name", "Mallory"],
          ["gc", "--prune=now"],
        ].map((args) => git(...args)),
        remove(".git/objects"),
        append("src/a.txt", "mine\n"),
      ],
    });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["src/a.txt"] }));
    expect(code).toBe(0);
    expect(rig.git("log", "-1", "--format=%an", report.commit).trim()).toBe("Ada");
    expect(rig.git("fsck", "--strict", "--no-dangling")).toBe("");
    expect(readFileSync(join(rig.repository, ".git", "config"), "utf8")).not.toContain("Mallory");
  });
});
