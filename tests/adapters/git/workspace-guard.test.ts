/** An attempt's own git directory: what fails the attempt, and what agents do with git all day, which must not. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWatched } from "../../../src/adapters/git/guard/watched-files.ts";
import type { Workspace } from "../../../src/core/ports/workspace.ts";
import { git } from "../../rig/git.ts";
import { TemporaryRepository } from "./temporary.ts";

type Act = (workspace: Workspace) => void;

const put =
  (path: string, text: string): Act =>
  ({ directory }) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
const config =
  (...args: string[]): Act =>
  ({ directory }) => {
    git(directory, "config", ...args);
  };
const run =
  (script: string): Act =>
  ({ directory }) => {
    execFileSync("sh", ["-ec", script], {
      cwd: directory,
      stdio: "pipe",
      env: { ...process.env, HOME: dirname(directory) },
    });
  };

/** What is done, and the path and a part of the rule that the attempt is told. */
const PLANTED: [string, Act, string, string][] = [
  ["a hook", put(".git/hooks/pre-commit", "#!/bin/sh\n"), ".git/hooks/pre-commit", "a hook"],
  ["core.fsmonitor", config("core.fsmonitor", "/tmp/evil"), ".git/config", "core.fsmonitor"],
  ["core.hooksPath", config("core.hooksPath", ".husky"), ".git/config", "core.hookspath"],
  ["core.sshCommand", config("core.sshCommand", "evil"), ".git/config", "core.sshcommand"],
  ["an editor", config("core.editor", "sh -c evil"), ".git/config", "core.editor"],
  ["a pager for one command", config("pager.log", "evil"), ".git/config", "pager.log"],
  ["a filter", config("filter.x.clean", "evil"), ".git/config", "filter.x.clean"],
  ["a filter under a name with dots", config("filter.X.y.process", "evil"), ".git/config", "filter.X.y.process"],
  ["an external diff", config("diff.external", "evil"), ".git/config", "diff.external"],
  ["a text conversion", config("diff.x.textconv", "evil"), ".git/config", "diff.x.textconv"],
  ["a merge driver", config("merge.x.driver", "evil %A"), ".git/config", "merge.x.driver"],
  ["a credential helper", config("credential.https://x.helper", "!evil"), ".git/config", "credential.https://x.helper"],
  ["an alias that runs a program", config("alias.st", "!evil"), ".git/config", "alias.st"],
  ["an include", config("include.path", "/tmp/evil"), ".git/config", "include.path"],
  ["a conditional include", config("includeIf.gitdir:/.path", "/tmp/evil"), ".git/config", "includeif.gitdir:/.path"],
  ["ignore rules of its own", config("core.excludesFile", "/tmp/evil"), ".git/config", "core.excludesfile"],
  ["ignore rules in a file named cat", config("core.excludesFile", "cat"), ".git/config", "core.excludesfile"],
  ["attributes in a file named less", config("core.attributesFile", "less"), ".git/config", "core.attributesfile"],
  ["hooks in a folder named true", config("core.hooksPath", "true"), ".git/config", "core.hookspath"],
  ["git's usual folder of hooks by name", config("core.hooksPath", ".git/hooks"), ".git/config", "core.hookspath"],
  ["an include named false", config("include.path", "false"), ".git/config", "include.path"],
  [
    "a conditional include named :",
    config("includeIf.onbranch:x.path", ":"),
    ".git/config",
    "includeif.onbranch:x.path",
  ],
  ["a template named cat", config("init.templateDir", "cat"), ".git/config", "init.templatedir"],
  ["a working directory named less", config("core.worktree", "less"), ".git/config", "core.worktree"],
  ["another working directory", config("core.worktree", "/tmp"), ".git/config", "core.worktree"],
  [
    "two sections on one line",
    put(".git/config", "[user][core]\n\tfsmonitor = evil\n"),
    ".git/config",
    "core.fsmonitor",
  ],
  ["a configuration nobody can read", put(".git/config", "[core\n"), ".git/config", "unreadable"],
  [
    "a link in the place of the configuration",
    run("mv .git/config ../tmp/config; ln -s ../../tmp/config .git/config"),
    ".git/config",
    "unreadable",
  ],
  [
    "settings of the worktree",
    put(".git/config.worktree", "[core]\n\tpager = evil\n"),
    ".git/config.worktree",
    "core.pager",
  ],
  [
    "settings of a submodule",
    put(".git/modules/a/b/config", "[core]\n\tpager = evil\n"),
    ".git/modules/a/b/config",
    "core.pager",
  ],
  [
    "a submodule's hook",
    run("mkdir -p .git/modules/m/hooks; echo x > .git/modules/m/HEAD; echo x > .git/modules/m/hooks/update"),
    ".git/modules/m/hooks/update",
    "a hook",
  ],
  ["attributes", put(".git/info/attributes", "* filter=evil\n"), ".git/info/attributes", "chooses programs"],
  ["ignore rules", put(".git/info/exclude", "hidden\n"), ".git/info/exclude", "hides files"],
  [
    "objects elsewhere",
    put(".git/objects/info/alternates", "/tmp/evil\n"),
    ".git/objects/info/alternates",
    "elsewhere",
  ],
  ["another common directory", put(".git/commondir", "/tmp/evil\n"), ".git/commondir", "elsewhere"],
  [
    "a link in the place of hooks",
    ({ directory }) => symlinkSync("/tmp", join(directory, ".git/hooks")),
    ".git/hooks",
    "a link",
  ],
  [
    "assume-unchanged",
    ({ directory }) => void git(directory, "update-index", "--assume-unchanged", "a"),
    "a",
    "hidden from git",
  ],
  [
    "skip-worktree",
    ({ directory }) => void git(directory, "update-index", "--skip-worktree", "a"),
    "a",
    "hidden from git",
  ],
  [
    "flags that a split index hides",
    run("git update-index --assume-unchanged a; git update-index --split-index"),
    ".git/index",
    "the index is split: its flags cannot be seen",
  ],
  [
    "flags of a split index",
    run("git update-index --split-index; git update-index --assume-unchanged a"),
    ".git/index",
    "the index is split",
  ],
  [
    "a link in the place of the index",
    run("mv .git/index ../tmp/index; ln -s ../../tmp/index .git/index"),
    ".git/index",
    "no regular file",
  ],
  [
    "a file in the place of .git",
    ({ directory }) => {
      rmSync(join(directory, ".git"), { recursive: true });
      writeFileSync(join(directory, ".git"), "gitdir: /tmp/evil\n");
    },
    ".git",
    "replaced by a file",
  ],
  [
    "a link in the place of .git",
    ({ directory, folder }) => {
      renameSync(join(directory, ".git"), join(folder, "tmp", "git"));
      symlinkSync(join(folder, "tmp", "git"), join(directory, ".git"));
    },
    ".git",
    "replaced by a link",
  ],
];

const FREE: [string, Act][] = [
  [
    "commits, branches, tags and stashes",
    run(
      "git config user.name A; git config user.email a@b; echo y >> a; git add -A; git commit -qm x; git switch -qc other; git tag t; echo z >> a; git stash -q; git stash pop -q; git branch -m again",
    ),
  ],
  [
    "a rebase, gc and packed refs",
    run(
      "git config user.name A; git config user.email a@b; git checkout -q -- .; git commit -q --allow-empty -m x; git rebase -q HEAD~1; git gc -q; git pack-refs --all; git repack -qad",
    ),
  ],
  [
    "harmless settings",
    run(
      "git config core.filemode false; git config core.autocrlf input; git config gc.auto 0; git config branch.x.merge refs/heads/x; git remote add up https://example.org/x; git config alias.st status; git config core.fsmonitor false; git config commit.gpgsign false",
    ),
  ],
  [
    "settings that keep git quiet",
    run(
      "git config core.pager cat; git config core.editor true; git config core.hooksPath /dev/null; git config core.excludesFile ''; git config core.attributesFile /dev/null; git config credential.helper ''",
    ),
  ],
  [
    "a worktree of its own",
    run(
      "git worktree add -q ../tmp/w; git config extensions.worktreeConfig true; git -C ../tmp/w config --worktree core.filemode false",
    ),
  ],
  ["a repository made anew", run("rm -rf .git; git init -q")],
  ["no repository at all", run("rm -rf .git")],
];

describe("the workspace's own git directory", () => {
  test("may not be given what makes git run a program, read elsewhere or hide something", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    for (const [what, act, path, rule] of PLANTED) {
      act(workspace);
      const found = await workspace.tampering();
      const told = { what, path, rule: expect.stringContaining(rule), fix: expect.stringContaining("setup") };
      expect(found.map((violation) => ({ what, ...violation }))).toEqual([told]);
      await workspace.resetGit();
    }
  });

  test("may be used for everything else", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    for (const [what, act] of FREE) {
      act(workspace);
      expect([what, await workspace.tampering()]).toEqual([what, []]);
      await workspace.resetGit();
    }
  });

  test("may hold what setup put there before the snapshot, and the copy of what came later is kept", async () => {
    using temporary = new TemporaryRepository();
    const base = temporary.commit({ a: "x\n" });
    const workspace = await temporary.workspace(base);
    run(
      "git config core.hooksPath .husky; mkdir .git/hooks; echo x > .git/hooks/update; git update-index --skip-worktree a",
    )(workspace);
    await workspace.keepInstalled({ folders: [], caches: [], shared: false });
    await workspace.snapshot();
    expect(await workspace.tampering()).toEqual([]);
    put(".git/hooks/post-checkout", "#!/bin/sh\nevil\n")(workspace);
    const [found] = await workspace.tampering();
    const kept = found?.rule.split("what was planted is in ")[1] ?? "";
    expect(readFileSync(kept, "utf8")).toBe("#!/bin/sh\nevil\n");
    const again = await (await temporary.workspaces()).reopen({ run_id: "run", name: "task/1", base });
    if (!again.ok) throw new Error(again.error.message);
    expect(await again.value.tampering()).toEqual([found]);
  });

  test("is read within bounds, however much is planted: settings first, and one violation says it all", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    run("mkdir .git/hooks; cd .git/hooks; for i in $(seq 60); do truncate -s 1000000 h$i; done")(workspace);
    config("core.pager", "evil")(workspace);
    const [found, ...more] = await workspace.tampering();
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      path: ".git",
      rule: expect.stringMatching(/^61 changes .*among them \.git\/config, /),
    });
    const kept = dirname(found?.rule.split("what was planted is in ")[1] ?? "");
    expect(readFileSync(join(kept, "config"), "utf8")).toContain("evil");
    expect(readdirSync(join(kept, "hooks"))).toHaveLength(15);
    await workspace.resetGit();
    run("mkdir .git/hooks; cd .git/hooks; seq 2100 | xargs touch")(workspace);
    const read = await readWatched(join(workspace.directory, ".git"));
    expect([...read.values()].filter(({ opaque }) => opaque).length).toBeGreaterThanOrEqual(100);
    expect([...read.values()].filter(({ opaque }) => !opaque)).toHaveLength(2_000);
    expect(read.get("config")?.opaque).toBeUndefined();
  });

  test("shows what is too large to be read as changed when it was written to, whatever its times say", async () => {
    using temporary = new TemporaryRepository();
    const workspace = await temporary.workspace(temporary.commit({ a: "x\n" }));
    run("mkdir .git/hooks; truncate -s 2000000 .git/hooks/update; touch -d 2020-01-01 .git/hooks/update")(workspace);
    await workspace.keepInstalled({ folders: [], caches: [], shared: false });
    await workspace.snapshot();
    expect(await workspace.tampering()).toEqual([]);
    run("printf evil | dd of=.git/hooks/update conv=notrunc status=none; touch -d 2020-01-01 .git/hooks/update")(
      workspace,
    );
    expect(await workspace.tampering()).toEqual([
      expect.objectContaining({ path: ".git/hooks/update", rule: expect.stringContaining("too much to be copied") }),
    ]);
  });
});
