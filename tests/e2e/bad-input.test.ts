/** What bad input gets: exit 2 before anything starts, the field, the value and the cure, and neither a run nor a ref left behind. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../rig/command.ts";
import { few, seldom } from "../rig/extent.ts";
import { git } from "../rig/git.ts";
import { Rig, type RigTask } from "../rig/rig.ts";
import { append } from "../rig/steps.ts";

/** Exit 2 with a failure that says all of `said`, on stderr and as the one JSON document; nothing was begun. */
async function refused(rig: Rig, answer: Answer, said: string[]): Promise<void> {
  expectRefusal(rig, answer, said);
  await expectNoRun(rig);
}

function expectRefusal(rig: Rig, answer: Answer, said: string[]): void {
  expect(answer.code).toBe(2);
  const { message, hint, problems = [] } = answer.failure;
  const text = [message, hint, ...problems.flatMap((problem) => [problem.message, problem.fix])].join("\n");
  for (const part of said) {
    expect(text).toContain(part);
    expect(answer.stderr).toContain(part);
  }
  expect(rig.startedAgents).toEqual([]);
  expect(rig.workspaces()).toEqual([]);
  if (existsSync(join(rig.repository, ".git", "HEAD"))) expect(rig.ownRefs()).toEqual([]);
}

async function expectNoRun(rig: Rig): Promise<void> {
  delete rig.env.PATH;
  expect((await rig.cli(["status", "--json"])).json).toEqual({ runs: [] });
}

const TASKS: [string, RigTask[], string[]][] = [
  ["an empty task list", [], ["tasks: the list is empty"]],
  ["two tasks of one id", [{ id: "a" }, { id: "a" }], ['the id "a" is used', "an id of its own"]],
  ["a malformed id", [{ id: "Not OK" }], ['tasks[0].id is "Not OK"', "lower case letters"]],
  [
    "a scope that leaves the repository",
    [{ id: "a", files: ["../x"] }],
    ["tasks[0].files[0]", "../x", "leaves the repository"],
  ],
  ["an absolute scope", [{ id: "a", files: ["/etc/passwd"] }], ["tasks[0].files[0]", "is absolute"]],
  [
    "a scope that names .git",
    [{ id: "a", files: [".git/config"] }],
    ["tasks[0].files[0]", "names git's own directory"],
  ],
  ["a dependency on nothing", [{ id: "a", depends_on: ["z"] }], ['depends_on names "z"', "known ids: a"]],
  [
    "a circle of dependencies",
    [
      { id: "a", depends_on: ["b"] },
      { id: "b", depends_on: ["a"] },
    ],
    ["in a circle", "→", "remove one"],
  ],
  ["an unknown agent of a task", [{ id: "a", agent: "hal" }], ['agent names "hal"', "known agents: scripted"]],
  ["an unknown check", [{ id: "a", checks: ["lint"] }], ['checks names "lint"', "no checks are configured"]],
  ["a task that is too large", [{ id: "a", estimated: "2h" }], ["2h", "30"]],
  ["a key that no task has", [{ id: "a", fils: ["x"] }], ["fils"]],
  ["no files for a task that writes", [{ id: "a", files: [] }], ["files is empty", "read_only"]],
  [
    "a command that cannot be started",
    [{ id: "a", command: ["no-such-tool"] }],
    ['command "no-such-tool"', "install it"],
  ],
];

/** One repository for all refusals of a kind, and one look at the end whether any of them left a run. */
function sharedRig(): { readonly rig: Rig } {
  const shared: { rig?: Rig } = {};
  beforeAll(async () => {
    shared.rig = await Rig.create();
  });
  afterAll(async () => {
    await using rig = shared.rig;
    if (rig !== undefined) await expectNoRun(rig);
  });
  return {
    get rig(): Rig {
      if (shared.rig === undefined) throw new Error("no rig yet");
      return shared.rig;
    },
  };
}

describe("a task list that cannot work is refused:", () => {
  const shared = sharedRig();

  test.each(few(4, TASKS))("%s", async (_, tasks, said) => {
    const { rig } = shared;
    expectRefusal(rig, await rig.run(rig.tasks(...tasks)), said);
  });

  test.each(
    few(2, [
      ["no YAML", "tasks: [a: b: c", ["broken.yaml is no YAML", "correct the file"]],
      ["a list", "- id: a\n", ["broken.yaml holds no task", "write one task"]],
      ["empty", "", ["broken.yaml holds no task"]],
      ["something beside its tasks", "tasks: []\nagents: {}\n", ["broken.yaml holds no task"]],
    ]),
  )("a file that is %s", async (_, text, said) => {
    const { rig } = shared;
    expectRefusal(rig, await rig.run(rig.file("broken.yaml", text)), said);
  });

  test("a file that is missing", async () => {
    const { rig } = shared;
    expectRefusal(rig, await rig.run(join(rig.folder, "none.yaml")), ["none.yaml cannot be read", "name an existing"]);
  });
});

describe("an agent that cannot work is refused:", () => {
  test("an unknown one", async () => {
    await using rig = await Rig.create();
    const answer = await rig.run(rig.tasks({ id: "a" }), "--agent", "hal");
    await refused(rig, answer, ['agent "hal" is not configured', "known agents: scripted"]);
  });

  test("one that cannot be started", async () => {
    await using rig = await Rig.create();
    rig.configure({ agents: { ghost: { command: ["no-such-program"] } }, default_agent: "ghost" });
    const answer = await rig.run(rig.tasks({ id: "a" }));
    await refused(rig, answer, ['agent ghost: cannot start "no-such-program"', "agents.ghost.command"]);
  });

  test("none at all, and the choices are listed", async () => {
    await using rig = await Rig.create();
    rig.configure({ default_agent: undefined });
    await refused(rig, await rig.run(rig.tasks({ id: "a" })), ["no agent is chosen", "known agents: scripted"]);
  });
});

describe("a configuration that cannot work is refused:", () => {
  const shared = sharedRig();

  test.each(
    few(3, [
      ["an unknown key", { agnets: {} }, ["agnets", "known keys"]],
      ["a number out of range", { max_parallel: 0 }, ["max_parallel is 0"]],
      ["a check in validate that does not exist", { validate: ["x"] }, ['validate names "x"', "known checks: none"]],
      ["an agent with two forms", { agents: { a: { command: ["x"], preset: "codex" } } }, ["agents.a", "exactly one"]],
      ["a copied path that leaves", { copy: ["../secrets"] }, ["../secrets", "leaves the repository"]],
    ]),
  )("%s", async (_, config, said) => {
    const { rig } = shared;
    rig.configure(config);
    const answer = await rig.run(rig.tasks({ id: "a" }));
    const usual = { agents: { scripted: rig.scriptedAgent("2min") } };
    rig.configure({ ...Object.fromEntries(Object.keys(config).map((key) => [key, undefined])), ...usual });
    expectRefusal(rig, answer, said);
  });
});

describe("a repository that cannot work is refused:", () => {
  const shared = sharedRig();

  test("a folder that is none", async () => {
    const { rig } = shared;
    mkdirSync(join(rig.folder, "plain"));
    const answer = await rig.run(rig.tasks({ id: "a" }), "--repo", join(rig.folder, "plain"));
    expectRefusal(rig, answer, ["plain", "not a git repository", "git init"]);
  });

  test("a folder that does not exist", async () => {
    const { rig } = shared;
    const answer = await rig.run(rig.tasks({ id: "a" }), "--repo", join(rig.folder, "none"));
    expectRefusal(rig, answer, ["none", "no such folder", "--repo DIR"]);
  });

  test("one without a commit", async () => {
    await using rig = await Rig.create();
    rmSync(join(rig.repository, ".git"), { recursive: true });
    rig.git("init", "--quiet");
    await refused(rig, await rig.run(rig.tasks({ id: "a" })), ["has no commit yet", "commit once"]);
  });

  test("a base that is no commit of it", async () => {
    const { rig } = shared;
    expectRefusal(rig, await rig.run(rig.tasks({ id: "a" }), "--base", "v9"), ["base v9", "name a branch"]);
  });

  seldom("one with a branch named forkjoin, beside which no forkjoin/… can be", async () => {
    await using rig = await Rig.create();
    rig.git("branch", "forkjoin");
    await refused(rig, await rig.run(rig.tasks({ id: "a" })), ["a branch is named forkjoin", "git branch -m"]);
  });

  seldom("a clone that lacks folders and cannot fetch them", async () => {
    await using rig = await Rig.create();
    rig.git("config", "uploadpack.allowFilter", "true");
    const from = `file://${rig.repository}`;
    const clone = join(rig.folder, "treeless");
    rig.git("clone", "--quiet", "--filter=tree:0", "--no-checkout", from, clone);
    git(clone, "remote", "set-url", "origin", "file:///nowhere");
    const answer = await rig.run(rig.tasks({ id: "a" }), "--repo", clone);
    await refused(rig, answer, ["treeless is a partial clone", "cannot be fetched", "git fetch origin"]);
  });

  test("one whose scope holds a submodule", async () => {
    await using rig = await Rig.create();
    const head = rig.git("rev-parse", "HEAD").trim();
    rig.git("update-index", "--add", "--cacheinfo", `160000,${head},vendor/lib`);
    rig.git("commit", "--quiet", "--message", "Add a submodule");
    const answer = await rig.run(rig.tasks({ id: "a", files: ["vendor/**"] }));
    await refused(rig, answer, ["vendor/lib is a submodule", "leave it out"]);
  });

  seldom("one whose scope holds files of git-lfs", async () => {
    await using rig = await Rig.create();
    rig.git("config", "filter.lfs.clean", "cat");
    rig.commit({ ".gitattributes": "*.psd filter=lfs\n", "art/big.psd": "version lfs\n" }, "Add art");
    const answer = await rig.run(rig.tasks({ id: "a", files: ["art/**"] }));
    await refused(rig, answer, ["art/big.psd is kept by git-lfs", "leave it out"]);
  });

  seldom("any, by a git that is too old", async () => {
    await using rig = await Rig.create();
    rig.file("bin/git", "#!/bin/sh\necho git version 2.37.1\n", 0o755);
    rig.env.PATH = `${rig.folder}/bin:${process.env.PATH}`;
    await refused(rig, await rig.run(rig.tasks({ id: "a" })), ["2.37.1 is too old", "install git 2.38"]);
  });

  test("any, where there is no git", async () => {
    await using rig = await Rig.create();
    rig.env.PATH = join(rig.folder, "bin");
    await refused(rig, await rig.run(rig.tasks({ id: "a" })), ["git was not found on PATH", "install git"]);
  });
});

describe("a command line that cannot work is refused:", () => {
  const shared = sharedRig();

  test.each(
    few(3, [
      ["no task files", ["run", "--json"], "--tasks is missing"],
      ["an unknown option", ["run", "--json", "--taks", "x"], "unknown option '--taks'"],
      ["a number that is none", ["run", "--json", "--max-parallel", "many"], "write a whole number from 1 to"],
      ["an unknown strategy", ["run", "--json", "--strategy", "luck"], "Allowed choices are first_wins"],
      ["an unknown command", ["dance", "--json"], "unknown command 'dance'"],
      ["an unknown run", ["resume", "20260101-000000-ffff", "--json"], "is no run"],
      ["a report of no run", ["report", "--json"], "no run is named"],
    ]),
  )("%s, with exactly one JSON document on stdout", async (_, args, said) => {
    const { rig } = shared;
    const answer = await rig.cli(args);
    expect(answer.code).toBe(2);
    expect(answer.failure.message).toContain(said);
    expect(answer.stderr).toContain(said);
  });

  test("a home that is not a folder", async () => {
    await using rig = await Rig.create();
    rig.env.FORKJOIN_HOME = rig.file("occupied", "");
    const answer = await rig.run(rig.tasks({ id: "a" }));
    expect(answer).toMatchObject({ code: 2, failure: { code: "storage_failed" } });
  });
});

describe("what looks bad but works", () => {
  test("a dirty checkout: only the base commit counts, and it is said", async () => {
    await using rig = await Rig.create();
    rig.place("a.txt", "not committed\n");
    rig.place("new.txt", "not tracked\n");
    rig.script({ a: [append("a.txt", "x\n")] });
    const { code, report, stderr } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(stderr).toContain("uncommitted changes");
    expect(rig.show(report.commit, "a.txt")).toBe("a\nx\n");
  });
});
