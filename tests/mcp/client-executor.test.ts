/** The chat client as executor, over stdio: tasks are claimed under leases, done in workspaces of their own, handed in and judged. */
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { Claim, claim, edit, planned, submit } from "../rig/chat-work.ts";
import { few, seldom } from "../rig/extent.ts";
import { gone } from "../rig/processes.ts";
import { Rig, type RigOptions } from "../rig/rig.ts";
import { append, hold } from "../rig/steps.ts";
import { ChatClient } from "./mcp-client.ts";

/** A rig whose configuration names no agent: over MCP the client is the default. */
async function clientRig(config: Record<string, unknown> = {}, options: RigOptions = {}): Promise<Rig> {
  return Rig.create({ ...options, config: { agents: {}, default_agent: "client", ...config } });
}

seldom(
  "claims in parallel: one submits cleanly, one with a violation and is tried again, one lease is left to expire",
  async () => {
    await using rig = await clientRig({ lease: "8s" });
    await using chat = await ChatClient.connect(rig);
    const run_id = await planned(chat, [{ id: "a" }, { id: "b" }, { id: "c" }]);
    const started = await chat.call("execute_batch", { run_id, batch_id: "all" });
    const [a, b, c] = z.array(Claim).length(3).parse(started.claims);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three claims");
    expect([a, b, c].map((one) => one.task_id)).toEqual(["a", "b", "c"]);
    expect(new Set([a, b, c].flatMap((one) => [one.workspace, one.lease])).size).toBe(6);
    expect(a.brief).toContain("TASK_BOUNDARY: a\nACCESS: write\nSCOPE:\n- a.txt");
    expect(a.files).toEqual([{ path: "a.txt", uri: `run://${run_id}/tasks/a/files/a.txt` }]);
    edit(a, "a.txt", "A\n");
    edit(b, "b.txt", "B\n");
    edit(b, "README.md", "not mine\n");
    edit(c, "c.txt", "half done\n");

    const [clean, greedy] = await Promise.all([submit(chat, a, { summary: "done" }), submit(chat, b)]);
    expect(clean).toMatchObject({ status: "accepted", violations: [], attempt: 1 });
    expect(greedy).toMatchObject({
      status: "rejected",
      violations: [{ path: "README.md", rule: "modified outside the scope", fix: expect.stringContaining("files") }],
      attempts_left: 2,
      next: { tool: "claim_task", arguments: { run_id, task_id: "b" } },
    });
    const again = await claim(chat, { run_id, task_id: "b" });
    expect(again).toMatchObject({ attempt: 2 });
    expect(again.workspace).not.toBe(b.workspace);
    expect(again.brief).toContain("README.md: modified outside the scope");
    edit(again, "b.txt", "B\n");
    expect(await submit(chat, again)).toMatchObject({ status: "accepted" });
    expect(rig.show(`refs/forkjoin/${run_id}/rejected/b/1`, "README.md")).toBe("not mine\n");

    const other = await claim(chat, { run_id, task_id: "c" });
    expect(other).toMatchObject({ attempt: 2, brief: expect.stringContaining("lease_expired") });
    const late = await submit(chat, c);
    expect(late.error).toMatchObject({ code: "lease_expired", hint: expect.stringContaining("claim_task") });
    expect(rig.show(`refs/forkjoin/${run_id}/rejected/c/1`, "c.txt")).toBe("half done\n");
    edit(other, "c.txt", "C\n");
    expect(await submit(chat, other)).toMatchObject({ status: "accepted" });

    await chat.call("get_run", { run_id, wait_seconds: 45 });
    const end = await chat.call("aggregate_results", { run_id });
    expect(end).toMatchObject({ report: { final_status: "success", tasks_succeeded: 3 } });
    for (const name of ["a", "b", "c"]) {
      expect(rig.show(`forkjoin/${run_id}`, `${name}.txt`)).toBe(`${name.toUpperCase()}\n`);
    }
    expect(rig.workspaces()).toEqual([]);
  },
);

test("a client without file tools gets contents with the claim and hands its edits in as changes, checked like any diff", async () => {
  await using rig = await clientRig({}, { files: { "src/a.txt": "a\n", "src/old.txt": "old\n", "b.txt": "b\n" } });
  symlinkSync("b.txt", join(rig.repository, "link"));
  rig.commit({}, "A link");
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "one", files: ["src/**"] }]);
  const { claims, next: told } = await chat.call("execute_batch", { run_id });
  expect(told).toMatchObject({ tool: "submit_task", why: expect.stringContaining("include_content") });
  const [early] = z.array(Claim).parse(claims);
  expect(early?.files.map((file) => file.content)).toEqual([undefined, undefined]);
  const mine = await claim(chat, { run_id, lease: early?.lease, include_content: true });
  expect(mine.files.map(({ path, content }) => [path, content])).toEqual([
    ["src/a.txt", "a\n"],
    ["src/old.txt", "old\n"],
  ]);
  expect(await chat.read(mine.files[0]?.uri ?? "")).toBe("a\n");
  const outside = join(rig.folder, "outside.txt");
  const nowhere = ["../outside.txt", outside, ".git/config"].map((path) => ({ path, content: "x" }));
  const refused = await submit(chat, mine, { changes: [...nowhere, { path: "src/a.txt" }] });
  expect(refused.error).toMatchObject({
    code: "invalid_input",
    hint: expect.stringContaining("no attempt was used"),
    problems: [
      { field: "changes[0].path", message: expect.stringContaining("leaves the repository with ..") },
      { field: "changes[1].path", message: expect.stringContaining("is absolute") },
      { field: "changes[2].path", message: expect.stringContaining("names git's own directory") },
      { field: "changes[3]", message: expect.stringContaining("neither content nor delete") },
    ],
  });
  const bad = [
    { path: "link", content: "through the link" },
    { path: "src", content: "x" },
    { path: "b.txt", content: "not mine" },
    { path: join(mine.workspace, "src/a.txt"), content: "A\n" },
  ];
  const rejected = await submit(chat, mine, { changes: bad });
  expect(rejected).toMatchObject({ status: "rejected", attempts_left: 2, problem: { code: "scope_violation" } });
  const broken = z.array(z.object({ path: z.string(), rule: z.string(), fix: z.string() })).parse(rejected.violations);
  expect(broken.map(({ path, rule }) => [path, rule])).toEqual([
    ["link", "is a link or no regular file: content written there lands elsewhere"],
    ["src", "is a folder"],
    ["b.txt", "modified outside the scope"],
  ]);
  expect(existsSync(outside)).toBe(false);
  expect(rig.show(`refs/forkjoin/${run_id}/rejected/one/1`, "src/a.txt")).toBe("A\n");
  const next = await claim(chat, { run_id });
  const good = [
    { path: "src/a.txt", content: "A\n" },
    { path: "src/old.txt", delete: true },
    { path: "src/deep/new.txt", content: "new\n" },
  ];
  expect(await submit(chat, next, { changes: good })).toMatchObject({ status: "accepted" });
  await chat.call("get_run", { run_id, wait_seconds: 45 });
  expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ status: "complete" });
  const branch = `forkjoin/${run_id}`;
  expect(["src/a.txt", "src/old.txt", "src/deep/new.txt", "b.txt"].map((path) => rig.show(branch, path))).toEqual([
    "A\n",
    undefined,
    "new\n",
    "b\n",
  ]);
});

test.each(few(1, ["SIGKILL", "SIGTERM"] as const))(
  "a lease outlives a server that ends by %s: the next one takes the submission and the run goes on",
  async (signal) => {
    await using rig = await clientRig();
    const before = await ChatClient.connect(rig);
    const run_id = await planned(before, [{ id: "a" }, { id: "b" }, { id: "c", depends_on: ["a"] }]);
    const { claims } = await before.call("execute_batch", { run_id, batch_id: "all" });
    const [a, b] = z.array(Claim).length(2).parse(claims);
    if (a === undefined || b === undefined) throw new Error("two claims");
    const early = await before.call("claim_task", { run_id, task_id: "c" });
    expect(early).toMatchObject({ status: "none_ready", summary: "task c waits for a" });
    edit(a, "a.txt", "A\n");
    process.kill(before.pid, signal);
    await gone(before.pid);
    edit(a, "b.txt", "not mine\n");
    await using chat = await ChatClient.connect(rig);
    expect(await submit(chat, a)).toMatchObject({ status: "rejected", violations: [{ path: "b.txt" }], attempt: 1 });
    const again = await claim(chat, { run_id, task_id: "a" });
    expect(again.attempt).toBe(2);
    edit(again, "a.txt", "A\n");
    edit(b, "b.txt", "B\n");
    expect(await submit(chat, b)).toMatchObject({ status: "accepted", attempt: 1 });
    expect(await submit(chat, again)).toMatchObject({ status: "accepted", attempt: 2 });
    expect(await submit(chat, again)).toMatchObject({ status: "accepted", attempt: 2 });
    const c = await claim(chat, { run_id });
    expect(["a.txt", "b.txt"].map((path) => readFileSync(join(c.workspace, path), "utf8"))).toEqual(["A\n", "B\n"]);
    edit(c, "c.txt", "C\n");
    expect(await submit(chat, c)).toMatchObject({ task_id: "c", status: "accepted" });
    await chat.call("get_run", { run_id, wait_seconds: 45 });
    expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ report: { final_status: "success" } });
    expect(rig.workspaces()).toEqual([]);
  },
);

test("in streaming mode, beside a process agent: two claims in parallel, and what depends on one is offered when that one is done", async () => {
  await using rig = await Rig.create({ config: { mode: "streaming" } });
  rig.script({ p: [hold, append("p.txt", "P\n")] });
  await using chat = await ChatClient.connect(rig);
  const agent = "client";
  const run_id = await planned(chat, [
    { id: "a", agent },
    { id: "b", agent },
    { id: "c", agent, depends_on: ["a"] },
    { id: "d", agent, depends_on: ["b"], conflicts_with: ["c"] },
    { id: "p" },
  ]);
  const started = await chat.call("execute_batch", { run_id });
  const [a, b] = z.array(Claim).length(2).parse(started.claims);
  if (a === undefined || b === undefined) throw new Error("two claims");
  expect([a, b].map((one) => one.task_id)).toEqual(["a", "b"]);
  const held = await rig.control.held("p");
  const none = await chat.call("claim_task", { run_id });
  expect(none).toMatchObject({ status: "none_ready", summary: "no task can start before these end: a, b, p" });
  const foreign = await chat.call("claim_task", { run_id, task_id: "p" });
  expect(foreign).toMatchObject({ status: "none_ready", summary: "task p is done by agent scripted" });
  edit(a, "a.txt", "A\n");
  expect(await submit(chat, a)).toMatchObject({ status: "accepted" });
  const c = Claim.parse(await chat.call("claim_task", { run_id }));
  expect(c.task_id).toBe("c");
  expect(["a.txt", "b.txt"].map((path) => readFileSync(join(c.workspace, path), "utf8"))).toEqual(["A\n", "b\n"]);
  edit(b, "b.txt", "B\n");
  expect(await submit(chat, b)).toMatchObject({ status: "accepted" });
  const turn = await chat.call("claim_task", { run_id, task_id: "d" });
  expect(turn).toMatchObject({ status: "none_ready", summary: "task d waits for c" });
  edit(c, "c.txt", "C\n");
  expect(await submit(chat, c)).toMatchObject({ status: "accepted" });
  const d = Claim.parse(await chat.call("claim_task", { run_id }));
  expect(readFileSync(join(d.workspace, "c.txt"), "utf8")).toBe("C\n");
  edit(d, "d.txt", "D\n");
  expect(await submit(chat, d)).toMatchObject({ status: "accepted" });
  held.release();
  await chat.call("get_run", { run_id, wait_seconds: 45 });
  expect(await chat.call("aggregate_results", { run_id })).toMatchObject({ report: { tasks_succeeded: 5 } });
});

seldom(
  "pause takes back what no client has claimed, leaves claims alone, and the next execute_batch offers it again",
  async () => {
    await using rig = await clientRig();
    await using chat = await ChatClient.connect(rig);
    const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
    const { claims } = await chat.call("execute_batch", { run_id, batch_id: "all" });
    const [a, b] = z.array(Claim).length(2).parse(claims);
    if (a === undefined || b === undefined) throw new Error("two claims");
    expect(await submit(chat, a, { outcome: "failed", summary: "too hard" })).toMatchObject({ status: "rejected" });
    const paused = await rig.cli(["pause", run_id, "--json"]);
    expect(paused).toMatchObject({ code: 0, json: { state: "executing" } });
    const none = await chat.call("claim_task", { run_id });
    expect(none).toMatchObject({ status: "none_ready", summary: "the run is being paused: nothing is offered" });
    edit(b, "b.txt", "B\n");
    expect(await submit(chat, b)).toMatchObject({ status: "accepted" });
    expect(await chat.call("get_run", { run_id, wait_seconds: 45 })).toMatchObject({ state: "paused" });
    expect(rig.workspaces()).toEqual([]);
    const again = await chat.call("execute_batch", { run_id, batch_id: "all" });
    const [next] = z.array(Claim).length(1).parse(again.claims);
    if (next === undefined) throw new Error("a claim");
    expect(next).toMatchObject({ task_id: "a", brief: expect.stringContaining("Attempt 1 was not accepted") });
    edit(next, "a.txt", "A\n");
    expect(await submit(chat, next)).toMatchObject({ status: "accepted" });
  },
);

test("two calls at the same moment begin a run once, and hand out its task once", async () => {
  await using rig = await clientRig();
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  const answers = await Promise.all([1, 2].map(() => chat.call("execute_batch", { run_id })));
  expect(answers.map(({ error }) => error?.code)).toEqual([undefined, undefined]);
  expect(answers.flatMap(({ claims }) => claims ?? [])).toHaveLength(1);
});

test("a task can be handed back without cost, and is given up three times at most", async () => {
  await using rig = await clientRig();
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  const { claims } = await chat.call("execute_batch", { run_id });
  const [first] = z.array(Claim).length(1).parse(claims);
  if (first === undefined) throw new Error("a claim");
  edit(first, "a.txt", "half\n");
  const end = async (outcome: string): Promise<unknown> => {
    const mine = await claim(chat, { run_id });
    return submit(chat, mine, { outcome, summary: "I could not" });
  };
  const back = await submit(chat, first, { outcome: "abandoned" });
  expect(back).toMatchObject({ status: "rejected", attempts_left: 3, problem: { code: "abandoned" } });
  expect(await end("failed")).toMatchObject({ status: "rejected", attempts_left: 2, attempt: 2 });
  expect(await end("failed")).toMatchObject({ status: "rejected", attempts_left: 1 });
  expect(await end("failed")).toMatchObject({ status: "failed", attempts_left: 0, problem: { code: "agent_failed" } });
  const results = await chat.call("get_run", { run_id, wait_seconds: 45, include: ["results"] });
  expect(results).toMatchObject({ results: { failures: [{ task_id: "a", code: "agent_failed" }] } });
  expect(rig.show(`refs/forkjoin/${run_id}/rejected/a/1`, "a.txt")).toBe("half\n");
});

test("unknown leases, unknown tasks and the command line are refused with the cure", async () => {
  await using rig = await clientRig();
  await using chat = await ChatClient.connect(rig);
  const foreign = await chat.call("submit_task", { lease: "A".repeat(22), outcome: "done" });
  expect(foreign.error).toMatchObject({ code: "unknown_lease", hint: expect.stringContaining("claim_task") });
  const run_id = await planned(chat, [{ id: "a" }]);
  const early = await chat.call("claim_task", { run_id });
  expect(early).toMatchObject({ status: "none_ready", summary: "the run is open: nothing is offered" });
  const unknown = await chat.call("claim_task", { run_id, task_id: "z" });
  expect(unknown.error).toMatchObject({ code: "invalid_input", hint: "its tasks: a" });
  const onCommandLine = await rig.run(rig.tasks({ id: "a" }));
  expect(onCommandLine.code).toBe(2);
  expect(onCommandLine.failure).toMatchObject({ code: "unknown_agent", message: expect.stringContaining("client") });
  rig.configure({ agents: { client: { command: ["true"] } } });
  const taken = await rig.run(rig.tasks({ id: "a" }));
  expect(taken.failure.message).toContain("client is the MCP client itself");
});

seldom("cancelling keeps what clients were working on, with and without a server that waits for them", async () => {
  await using rig = await clientRig();
  const before = await ChatClient.connect(rig);
  const run_id = await planned(before, [{ id: "a" }, { id: "b" }]);
  const { claims } = await before.call("execute_batch", { run_id });
  const [a] = z.array(Claim).length(2).parse(claims);
  if (a === undefined) throw new Error("a claim");
  edit(a, "a.txt", "half\n");
  process.kill(before.pid, "SIGKILL");
  await gone(before.pid);
  await using chat = await ChatClient.connect(rig);
  await chat.call("cancel_run", { run_id });
  expect(rig.show(`refs/forkjoin/${run_id}/rejected/a/1`, "a.txt")).toBe("half\n");
  expect((await submit(chat, a)).error).toMatchObject({ code: "lease_expired" });
  expect(rig.workspaces()).toEqual([]);
});
