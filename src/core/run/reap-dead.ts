/** For commands that change things: the runs of processes that died are freed of what those left running and on disk; nothing that was done is lost. */
import { ok } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { OwnedRuns } from "./owned-runs.ts";

export interface Reaped {
  run_id: string;
  /** tasks whose attempts had been running, in the order of the task list */
  tasks: string[];
}

const RECENT_RUNS = 200;

/** A run that cannot be reaped now (its repository is away, another process is faster) is left for the next start. */
export async function reapDead(
  { store, owners }: Pick<OrchestratorPorts, "store" | "owners">,
  runs: OwnedRuns,
): Promise<Reaped[]> {
  owners.sweep();
  const reaped: Reaped[] = [];
  const dead = store.runs(RECENT_RUNS).filter(({ owner }) => owner !== undefined && owners.liveness(owner) === "dead");
  for (const { run_id } of dead) {
    const attempts = store.attempts(run_id).filter((attempt) => attempt.state === "running");
    const running = new Set(attempts.map((attempt) => attempt.task_id));
    const listed = store.artefact(run_id, "task_list")?.tasks ?? [];
    const freed = await runs.withRun(run_id, "reap", async () => ok(undefined)).catch(() => undefined);
    if (freed?.ok !== true) continue;
    reaped.push({ run_id, tasks: listed.map(({ id }) => id).filter((id) => running.has(id)) });
  }
  return reaped;
}
