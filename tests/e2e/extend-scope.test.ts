/** A task that needs more files than it declared: asked for by its client or its process, decided by who holds what and by the operator's rule. */
import { expect, test } from "vitest";
import { z } from "zod";
import { type CallAnswer, ChatClient } from "../mcp/mcp-client.ts";
import { Claim, claim, edit, planned, submit } from "../rig/chat-work.ts";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { run, type Step, write } from "../rig/steps.ts";

const CLIENT = { agents: {}, default_agent: "client" };

/** What an agent process does to ask for more. */
function ask(request: unknown): Step {
  return run("sh", "-c", `printf '%s' '${JSON.stringify(request)}' > "$FORKJOIN_SCOPE_REQUEST"`);
}

async function firstClaim(chat: ChatClient, run_id: string): Promise<Claim> {
  const { claims } = await chat.call("execute_batch", { run_id, batch_id: "all" });
  const [first] = z.array(Claim).parse(claims);
  if (first === undefined) throw new Error("no claim");
  return first;
}

test("by lease: a free file is granted at once, a neighbour's and a later task's are refused naming who holds them", async () => {
  await using rig = await Rig.create({
    config: { ...CLIENT, scope_requests: "grant" },
    files: { "a.txt": "a\n", "b.txt": "b\n", "d/c.txt": "c\n" },
  });
  await using chat = await ChatClient.connect(rig);
  const tasks = [{ id: "a" }, { id: "b" }, { id: "c", files: ["d/**"], depends_on: ["a"] }];
  const run_id = await planned(chat, tasks);
  const a = await firstClaim(chat, run_id);
  const files = ["README.md", "b.txt", "d/new.txt", "a.txt"];
  const asked = { lease: a.lease, files, reason: "the title names it" };
  const answer = await chat.call("extend_scope", asked);
  expect(answer).toMatchObject({
    status: "granted",
    granted: ["README.md", "a.txt"],
    refused: [
      { path: "b.txt", held_by: "b", why: "it belongs to task b, which is being worked on" },
      { path: "d/new.txt", held_by: "c", why: "it is promised to task c, which is still to come" },
    ],
  });
  expect(await chat.call("extend_scope", asked)).toEqual(answer);
  const shown = await claim(chat, { run_id, lease: a.lease });
  expect(shown.boundary.scope).toEqual(["a.txt", "README.md"]);
  expect(shown.brief).toContain("- README.md");
  const wrong = await chat.call("extend_scope", { lease: a.lease, files: ["ok.txt", "../x"], reason: "x" });
  expect(wrong.error).toMatchObject({ code: "invalid_input", message: expect.stringContaining('files[1]: "../x"') });
  edit(a, "a.txt", "A\n");
  edit(a, "README.md", "# Title\n");
  expect(await submit(chat, a)).toMatchObject({ status: "accepted" });
  const late = await chat.call("extend_scope", { lease: a.lease, files: ["z.txt"], reason: "x" });
  expect(late.error).toMatchObject({ code: "lease_expired" });
  const none = await chat.call("extend_scope", { files: ["z.txt"], reason: "x" });
  expect(none.error?.hint).toContain("lease, or run_id and task_id");
});

seldom(
  "by an agent process: decided before its next attempt, which is told; what is malformed is told too",
  async () => {
    await using rig = await Rig.create({ config: { scope_requests: "grant" } });
    const more = { files: ["new.txt", "b.txt"], reason: "shared words" };
    rig.script({
      a: [
        [write("a.txt", "A\n"), write("new.txt", "n\n"), ask({ files: "new.txt" })],
        [write("a.txt", "A\n"), write("new.txt", "n\n"), ask(more)],
        [write("a.txt", "A\n"), write("new.txt", "n\n")],
      ],
      b: [write("b.txt", "B\n")],
    });
    const done = await rig.run(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"] }));
    expect(done.report.tasks).toMatchObject([
      { task_id: "a", status: "success", attempts: 3 },
      { task_id: "b", status: "success" },
    ]);
    expect(rig.show(done.report.branch ?? "", "new.txt")).toBe("n\n");
    expect(done.report.summary).toContain("granted beyond the declared scope: new.txt to a; refused: b.txt to a");
    expect(done.report.tasks[0]).toMatchObject({ granted: ["new.txt"], refused: [{ path: "b.txt" }] });
    expect(rig.git("log", "--format=%B", done.report.branch ?? "")).toContain("Forkjoin-Scope-Granted: new.txt");
    expect(rig.briefOf("a", 2)).toContain("the scope request was not understood: files is no list of files");
    const brief = rig.briefOf("a", 3);
    expect(brief).toContain("- new.txt");
    expect(brief).toContain("b.txt was refused: it is promised to task b, which is still to come");
  },
);

seldom("scope_requests: refuse grants nothing, and the task fails inside its old boundary", async () => {
  await using rig = await Rig.create({ config: { scope_requests: "refuse" } });
  rig.script({ a: [write("a.txt", "A\n"), write("new.txt", "n\n"), ask({ files: ["new.txt"], reason: "x" })] });
  const done = await rig.run(rig.tasks({ id: "a" }));
  expect(done.report).toMatchObject({ tasks_failed: 1, tasks: [{ error: { code: "scope_violation" }, attempts: 3 }] });
  expect(rig.briefOf("a", 2)).toContain("grants no further scope (scope_requests: refuse)");
});

seldom(
  "scope_requests: ask parks the task, everything else goes on, and a person's decision lets it go on",
  async () => {
    await using rig = await Rig.create({ config: { scope_requests: "ask" } });
    const steps = [write("a.txt", "A\n"), write("new.txt", "n\n")];
    rig.script({ a: [[...steps, ask({ files: ["new.txt"], reason: "needed" })], steps], b: [write("b.txt", "B\n")] });
    const asked = await rig.run(rig.tasks({ id: "a" }, { id: "b" }));
    expect(asked.code).toBe(3);
    const requests = [{ request_id: "scope:a:1", task_id: "a", files: ["new.txt"], reason: "needed" }];
    expect(asked.json).toMatchObject({ state: "awaiting_review", scope_requests: requests });
    const run_id = String(asked.json.run_id);
    expect((await rig.cli(["status", run_id, "--json"])).json).toMatchObject({
      requests: ["scope:a:1"],
      progress: { done: 1, waiting: [{ task_id: "a", for: ["scope:a:1"] }] },
    });
    expect((await rig.cli(["resolve", run_id, "scope:z:1", "--choose", "grant", "--json"])).failure).toMatchObject({
      code: "unknown_request",
      hint: "open requests: scope:a:1",
    });
    expect((await rig.cli(["resolve", run_id, "--json"])).json).toMatchObject({ scope_requests: requests });
    expect((await rig.cli(["resolve", run_id, "scope:a:1", "--choose", "grant"])).code).toBe(0);
    const done = await rig.resume(run_id);
    expect(done.report).toMatchObject({ final_status: "success", tasks_succeeded: 2 });
  },
);

test("where the client can ask its user, the answer decides at once; silence leaves it to them", async () => {
  await using rig = await Rig.create({ config: { ...CLIENT, scope_requests: "ask" } });
  const questions: string[] = [];
  const answers = [true, false, undefined, undefined, "grant"];
  await using chat = await ChatClient.withUser(rig, (question) => {
    questions.push(question);
    return answers[questions.length - 1];
  });
  const run_id = await planned(chat, [{ id: "a" }]);
  const { lease } = await firstClaim(chat, run_id);
  const asked: CallAnswer[] = [];
  for (const name of ["one.txt", "two.txt", "three.txt"]) {
    asked.push(await chat.call("extend_scope", { lease, files: [name], reason: "to greet" }));
  }
  expect(asked.map(({ status }) => status)).toEqual(["granted", "refused", "awaiting_person"]);
  const decide = { tool: "resolve_conflict", arguments: { run_id, conflict_id: "scope:a:3" } };
  expect(asked.map(({ next }) => next)).toEqual([undefined, undefined, { ...decide, why: expect.any(String) }]);
  expect(questions[0]).toBe("Task a asks to change more files: one.txt. Its reason: to greet");
  const unanswered = await chat.call("resolve_conflict", decide.arguments);
  expect(unanswered.error?.hint).toContain("choice grant or refuse");
  expect(await chat.call("resolve_conflict", decide.arguments)).toMatchObject({
    ...{ remaining: [], next: { tool: "get_run" } },
  });
  expect(questions.slice(2)).toEqual(Array(3).fill(expect.stringContaining("three.txt. Its reason: to greet")));
  const again = await chat.call("extend_scope", { lease, files: ["three.txt"], reason: "to greet" });
  expect(again).toMatchObject({ status: "granted", granted: ["three.txt"] });
});

seldom("without the key nothing is granted where nobody can be asked, and the result says so", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [write("a.txt", "A\n"), write("new.txt", "n\n"), ask({ files: ["new.txt"], reason: "x" })] });
  const done = await rig.run(rig.tasks({ id: "a" }));
  expect(done.report.tasks[0]).toMatchObject({ status: "failed", refused: [{ path: "new.txt" }] });
  expect(done.report.summary).toContain("refused: new.txt to a");
  expect(rig.briefOf("a", 2)).toContain("nobody can be asked here");
});

const CLOSED = [
  "**",
  "src/**",
  ".github/workflows/x.yml",
  "pkg/package.json",
  "Makefile",
  ".forkjoin.yaml",
  "sub/.claude/**",
  "yarn.lock",
];

test("scope_requests: grant leaves whole trees and what steers others to a person, and grants the rest", async () => {
  await using rig = await Rig.create({ config: { scope_requests: "grant" } });
  const files = ["a.txt", "lib/deep/**", ...CLOSED];
  rig.script({
    a: [
      [write("a.txt", "A\n"), ask({ files, reason: "x" }), { do: "exit", code: 1 }],
      [write("a.txt", "A\n"), write("lib/deep/x.txt", "x\n"), write("lib/deep/package.json", "{}\n")],
      [write("a.txt", "A\n"), write("lib/deep/x.txt", "x\n")],
    ],
  });
  const { report } = await rig.run(rig.tasks({ id: "a" }));
  expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 3, granted: ["a.txt", "lib/deep/**"] });
  expect(report.tasks[0]?.refused?.map(({ path }) => path)).toEqual(CLOSED);
  expect(rig.briefOf("a", 3)).toContain("lib/deep/package.json: it is a manifest whose scripts are run");
  expect(report.tasks[0]?.result?.files).toEqual(["a.txt", "lib/deep/x.txt"]);
});

seldom("a declared file that steers others has a word in phase 1 and a mark in the report", async () => {
  await using rig = await Rig.create();
  rig.script({ a: [write(".github/workflows/ci.yml", "on: push\n")] });
  const tasks = rig.tasks({ id: "a", files: [".github/workflows/ci.yml"] });
  const planned = await rig.cli(["plan", "--tasks", tasks, ...rig.usual]);
  expect(planned.stdout).toContain("a may change .github/workflows/ci.yml (continuous integration)");
  const { report } = await rig.run(tasks);
  expect(report.tasks[0]).toMatchObject({
    steering: [{ path: ".github/workflows/ci.yml", what: "continuous integration" }],
  });
  expect(report.summary).toContain("this run changes what runs or steers others: .github/workflows/ci.yml");
});
