/** A chat client that does tasks itself: plans a run without an agent, and works in the workspaces it is given. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { CallAnswer, ChatClient } from "../mcp/mcp-client.ts";

export const Claim = z.object({
  lease: z.string().min(20),
  task_id: z.string(),
  attempt: z.number(),
  workspace: z.string(),
  brief: z.string(),
  boundary: z.object({ access: z.string(), scope: z.array(z.string()) }),
  files: z.array(z.object({ path: z.string(), uri: z.string(), content: z.string().optional() })),
  expires_at: z.string(),
});
export type Claim = z.infer<typeof Claim>;

/** Phases 1 to 3. */
export async function planned(chat: ChatClient, tasks: Record<string, unknown>[]): Promise<string> {
  const whole = tasks.map((task) => ({ description: `Do ${task.id}`, files: [`${task.id}.txt`], ...task }));
  const { run_id } = await chat.call("decompose_work", { request: "Work", tasks: whole });
  await chat.call("analyze_dependencies", { run_id });
  await chat.call("plan_batches", { run_id });
  return run_id ?? "";
}

/** The next ready task, or that one; asked for until it is there. */
export async function claim(chat: ChatClient, args: Record<string, unknown>): Promise<Claim> {
  for (;;) {
    const answer = await chat.call("claim_task", args);
    if (answer.error !== undefined) throw new Error(answer.summary);
    if (answer.status === "ready") return Claim.parse(answer);
    if (answer.status === "none_ready") await chat.call("get_run", { run_id: args.run_id, wait_seconds: 1 });
  }
}

/** Writes as a client with file tools of its own does. */
export function edit({ workspace }: Claim, path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

export async function submit(
  chat: ChatClient,
  { lease }: Claim,
  more: Record<string, unknown> = {},
): Promise<CallAnswer> {
  return chat.call("submit_task", { lease, outcome: "done", ...more });
}
