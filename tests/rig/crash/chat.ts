/** A chat client with a memory: plans a run, claims its tasks, edits, submits; with a new server it goes on where the last one left it. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { z } from "zod";
import type { Room } from "./room.ts";
import type { Act, Ended } from "./scenario.ts";

const SERVER = fileURLToPath(new URL("../../../dist/server.js", import.meta.url));

const Claim = z.object({ lease: z.string(), task_id: z.string(), workspace: z.string() });
type Claim = z.infer<typeof Claim>;

const Answer = z.looseObject({
  run_id: z.string().optional(),
  state: z.string().optional(),
  status: z.string().optional(),
  claims: z.array(Claim).default([]),
  next: z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) }).optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
});
type Answer = z.infer<typeof Answer>;

type Call = (tool: string, args: Record<string, unknown>) => Promise<Answer>;

/** The server said no, and the client knows no better. */
class Refused extends Error {}

export function chat(exits: number[]): Act {
  return { name: "server", exits, begin: converse, again: converse };
}

async function converse(room: Room): Promise<Ended> {
  const args = [SERVER, "--repo", room.repository, "--config", room.configFile];
  const env = room.environment("server");
  const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" });
  const client = new Client({ name: "crash-rig", version: "1.0.0" });
  const call: Call = async (name, args) => {
    const { structuredContent } = await client.callTool({ name, arguments: args });
    return Answer.parse(structuredContent);
  };
  try {
    await client.connect(transport);
    await work(room, call);
    await client.close();
    return { code: 0, said: "" };
  } catch (error) {
    await client.close();
    const said = error instanceof Error ? error.message : String(error);
    return { code: error instanceof Refused || !room.killed ? 1 : null, said };
  }
}

/** Each lease is remembered from its claim until its task has been judged. */
async function work(room: Room, call: Call): Promise<void> {
  const run_id = await planned(room, call);
  for (const [key, value] of room.notes)
    if (key.startsWith("lease ")) await finish(room, call, Claim.parse(JSON.parse(value)));
  for (;;) {
    const { claims } = accepted(await call("execute_batch", { run_id, batch_id: "all" }));
    for (const claim of claims) await finish(room, call, claim);
    while (await claimNext(room, call, run_id));
    const { state } = accepted(await call("get_run", { run_id, wait_seconds: 1 }));
    if (state !== "executing") break;
  }
  accepted(await call("aggregate_results", { run_id }));
  for (let state: string | undefined = "aggregating"; state === "aggregating"; ) {
    state = accepted(await call("get_run", { run_id, wait_seconds: 10 })).state;
  }
}

/** Phases 1 to 3, as far as they are not done yet. A run whose id was never heard is begun anew. */
async function planned(room: Room, call: Call): Promise<string> {
  const known = room.notes.get("run");
  const { tasks } = room.scenario;
  const begun = known ?? accepted(await call("decompose_work", { request: "Work", tasks })).run_id ?? "";
  room.notes.set("run", begun);
  for (;;) {
    const { next } = accepted(await call("get_run", { run_id: begun }));
    if (next === undefined || !["analyze_dependencies", "plan_batches"].includes(next.tool)) return begun;
    accepted(await call(next.tool, next.arguments));
  }
}

/** Whether there may be more to claim now. */
async function claimNext(room: Room, call: Call, run_id: string): Promise<boolean> {
  const answer = accepted(await call("claim_task", { run_id }));
  if (answer.status === "ready") await finish(room, call, Claim.parse(answer));
  return answer.status !== "none_ready";
}

/** Does the task and hands it in. A lease that has not survived is forgotten: its task is claimed anew. */
async function finish(room: Room, call: Call, claim: Claim): Promise<void> {
  const key = `lease ${claim.task_id}`;
  if (!room.notes.has(key)) appendFileSync(join(claim.workspace, `${claim.task_id}.txt`), "x\n");
  room.notes.set(key, JSON.stringify(claim));
  let answer = await call("submit_task", { lease: claim.lease, outcome: "done" });
  while (answer.status === "checking") answer = await call("submit_task", { lease: claim.lease, outcome: "done" });
  room.notes.delete(key);
}

function accepted(answer: Answer): Answer {
  if (answer.error === undefined) return answer;
  throw new Refused(`${answer.error.code}: ${answer.error.message}. ${answer.error.hint}`);
}
