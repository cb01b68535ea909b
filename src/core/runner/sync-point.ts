/** Phase 4.4 — the beginning of a batch and the sync point at its end. */
import type { Batch } from "../model/execution-plan.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { integrateRun, judgeOf, mergeEvents } from "./merge-run.ts";

export function startBatch({ session, ports }: OwnedRun, batch: Batch): void {
  const log = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  const started_at = log.find((entry) => entry.batch_id === batch.batch_id)?.started_at ?? ports.clock.now();
  const batch_log = [
    ...log.filter((entry) => entry.batch_id !== batch.batch_id),
    { batch_id: batch.batch_id, started_at },
  ];
  const event = { type: "batch_started", batch_id: batch.batch_id, tasks: batch.tasks } as const;
  session.record({ artefacts: { batch_log }, events: [event] });
}

/** Phase 4.4 — all agents of the batch have ended: merge what was accepted, and only then go on. */
export async function syncPoint(context: OwnedRun, batch: Batch, signal: AbortSignal): Promise<void> {
  const { session, ports } = context;
  const previous = ports.store.artefact(session.run.run_id, "integration");
  const integration = await integrateRun(context, session.run.settings.conflict_resolution, {
    judge: judgeOf(context, signal),
  });
  if (signal.aborted) return;
  const log = ports.store.artefact(session.run.run_id, "batch_log") ?? [];
  const finished_at = ports.clock.now();
  const batch_log = log.map((entry) => (entry.batch_id === batch.batch_id ? { ...entry, finished_at } : entry));
  const sync = { type: "sync_point", batch_id: batch.batch_id, commit: integration.tip } as const;
  session.record({ artefacts: { integration, batch_log }, events: [...mergeEvents(previous, integration), sync] });
}
