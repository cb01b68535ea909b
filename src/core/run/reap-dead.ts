/** At every start: the runs of processes that died are freed of what those left running and on disk; nothing that was done is lost. */
import type { Run } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { takeOver } from "./take-over.ts";

export interface Reaped {
  run_id: string;
  /** tasks whose attempts had been running, in the order of the task list */
  tasks: string[];
}

const RECENT_RUNS = 200;

/** A run that cannot be reaped now (its repository is away, another process is faster) is left for the next start. */
export async function reapDead(ports: OrchestratorPorts): Promise<Reaped[]> {
  const reaped: Reaped[] = [];
  for (const run of ports.store.runs(RECENT_RUNS).filter((candidate) => isDead(candidate, ports))) {
    const attempts = ports.store.attempts(run.run_id).filter((attempt) => attempt.state === "running");
    const running = new Set(attempts.map((attempt) => attempt.task_id));
    const listed = ports.store.artefact(run.run_id, "task_list")?.tasks ?? [];
    const taken = await takeOver(run.run_id, ports).catch(() => undefined);
    if (taken?.ok !== true) continue;
    ports.store.release(run.run_id, taken.value.epoch);
    reaped.push({ run_id: run.run_id, tasks: listed.map(({ id }) => id).filter((id) => running.has(id)) });
  }
  return reaped;
}

function isDead({ owner }: Run, { executor }: OrchestratorPorts): boolean {
  return owner !== undefined && !executor.isAlive(owner);
}
