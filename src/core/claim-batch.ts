/** Phase 4 for a client with subagents: everything that is offered now, claimed at once. */
import { type Claim, claimTask } from "./claim-task.ts";
import type { ClientCore } from "./client-core.ts";
import { ok, type Result } from "./model/result.ts";

/** Waits up to `ms` for workspaces that are being prepared, so that a batch comes whole, in the order of the task list. */
export async function claimBatch(runId: string, core: ClientCore, ms: number): Promise<Result<Claim[]>> {
  const end = core.ports.clock.now() + ms;
  const claims: Claim[] = [];
  for (;;) {
    const claimed = await claimTask({ run_id: runId }, core, end - core.ports.clock.now());
    if (!claimed.ok) return claimed;
    if (claimed.value.status !== "ready") return ok(inListOrder(claims, runId, core));
    claims.push(claimed.value.claim);
  }
}

/** They were claimed in the order in which their workspaces were ready. */
function inListOrder(claims: Claim[], runId: string, { ports }: ClientCore): Claim[] {
  const tasks = ports.store.artefact(runId, "task_list")?.tasks ?? [];
  const place = new Map(tasks.map((task, index) => [task.id, index]));
  return claims.sort((a, b) => (place.get(a.task_id) ?? 0) - (place.get(b.task_id) ?? 0));
}
