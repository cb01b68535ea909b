/** One planning phase made durable: with a run that is new in the same transaction, or on one that is still being planned. */
import type { PhaseId } from "../model/phase.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunSettings } from "../model/run.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { Artefacts } from "../ports/run-store.ts";
import { type BeginPorts, type Begun, beginRun, type NewRun } from "../run/begin-run.ts";
import { openSession, type Session, stillPlanning } from "../run/run-session.ts";
import type { Ownership } from "../run/take-run.ts";

/** Result of a phase: its summary in one sentence, its artefacts, and its answer. */
export interface PhaseDone<T> {
  phase: PhaseId;
  summary: string;
  artefacts: Partial<Artefacts>;
  settings?: RunSettings;
  value: T;
}

type Phase<T> = (planning: Begun) => Promise<Result<PhaseDone<T>>>;

/** Nothing is stored of a run whose first phase fails. */
export async function planNewRun<T>(
  input: NewRun,
  phase: Phase<T>,
  ports: BeginPorts & Pick<OrchestratorPorts, "store" | "observe">,
): Promise<Result<T>> {
  const begun = await beginRun(input, ports);
  if (!begun.ok) return begun;
  const done = await phase(begun.value);
  if (!done.ok) return done;
  const { run } = begun.value;
  const events = [{ type: "run_created", request: run.request } as const, finished(done.value)];
  ports.store.create({ ...run, phase: done.value.phase }, { artefacts: done.value.artefacts, events });
  for (const event of events) ports.observe(run.run_id, event);
  return ok(done.value.value);
}

/** Fails with `wrong_phase` once an agent has started. */
export async function planOwnedRun<T>({ session, ports }: Ownership, phase: Phase<T>): Promise<Result<T>> {
  const fixed = stillPlanning(session, ports);
  if (fixed !== undefined) return err(fixed);
  const done = await phase(session);
  if (!done.ok) return done;
  session.record({
    transition: "plan",
    run: { phase: done.value.phase, settings: done.value.settings ?? session.run.settings },
    artefacts: done.value.artefacts,
    discard: LATER[done.value.phase] ?? [],
    events: [finished(done.value)],
  });
  return ok(done.value.value);
}

/** The run for reading, while its tasks may still change. */
export async function stillPlanned(
  runId: string,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<Session>> {
  const session = await openSession(runId, ports);
  if (!session.ok) return session;
  const fixed = stillPlanning(session.value, ports);
  return fixed === undefined ? session : err(fixed);
}

function finished({ phase, summary }: PhaseDone<unknown>): { type: "phase_finished"; phase: PhaseId; summary: string } {
  return { type: "phase_finished", phase, summary };
}

/** Artefacts that become invalid when a phase is done again. */
const LATER: Partial<Record<PhaseId, (keyof Artefacts)[]>> = {
  phase_1_decompose: ["dependency_graph", "execution_plan", "workflow", "workflow_state"],
  phase_2_dependency: ["execution_plan"],
};
