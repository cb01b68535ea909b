/** Between rows and the model: what is written and what is read back both pass the model's own schema. */
import { z } from "zod";
import { Amendment } from "../../core/model/amendment.ts";
import { Attempt } from "../../core/model/attempt.ts";
import { Decision } from "../../core/model/conflict.ts";
import { DependencyGraph } from "../../core/model/dependency-graph.ts";
import { PastDuration } from "../../core/model/estimate.ts";
import { Event } from "../../core/model/event.ts";
import { ExecutionPlan } from "../../core/model/execution-plan.ts";
import { Integration } from "../../core/model/integration.ts";
import { KnowledgeContext } from "../../core/model/knowledge-context.ts";
import { Lease } from "../../core/model/lease.ts";
import { WorkflowRun, WorkflowState } from "../../core/model/orchestration.ts";
import { Report } from "../../core/model/report.ts";
import { Run } from "../../core/model/run.ts";
import { RunOwner } from "../../core/model/run-owner.ts";
import { ScopeRequest } from "../../core/model/scope-request.ts";
import { TaskList } from "../../core/model/task-list.ts";
import { Verdict } from "../../core/model/verdict.ts";
import type { Artefacts } from "../../core/ports/run-store.ts";

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

const BatchLog = z.array(
  z.object({
    batch_id: z.number().int(),
    started_at: z.number().int(),
    finished_at: z.number().int().exactOptional(),
  }),
);

const ARTEFACTS: { [K in keyof Artefacts]: z.ZodType<Artefacts[K]> } = {
  knowledge_context: KnowledgeContext,
  task_list: TaskList,
  dependency_graph: DependencyGraph,
  execution_plan: ExecutionPlan,
  batch_log: BatchLog,
  integration: Integration,
  workflow: WorkflowRun,
  workflow_state: WorkflowState,
  verdicts: z.array(Verdict),
  report: Report,
};

/** A row whose whole content is one JSON body. */
function bodyOf<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.object({ body: Json.pipe(schema) }).transform((row) => row.body);
}

export const OwnerRow = z.object({
  owner: Json.pipe(RunOwner).nullable(),
  epoch: z.number().int(),
});
export type OwnerRow = z.infer<typeof OwnerRow>;

export const RunRow = OwnerRow.extend({
  run_id: z.string(),
  body: Json.pipe(z.record(z.string(), z.unknown())),
  state: z.string(),
  created_at: z.number(),
  updated_at: z.number(),
})
  .transform(({ body, owner, ...columns }): unknown => ({ ...body, ...columns, owner: owner ?? undefined }))
  .pipe(Run);

export const NumberRow = z.object({ value: z.number().nullable() }).transform((row) => row.value ?? 0);
export const AttemptRow = bodyOf(Attempt);
export const DecisionRow = bodyOf(Decision);
export const DurationRow = bodyOf(PastDuration);
export const AmendmentRow = z
  .object({ seq: z.number(), body: Json.pipe(Amendment) })
  .transform(({ seq, body }) => ({ ...body, seq }));
export const LeaseRow = bodyOf(Lease);
export const ScopeRequestRow = bodyOf(ScopeRequest);
/** A decision and the run it was made in; one that was itself remembered keeps its first run. */
export const PastDecisionRow = z
  .object({ body: Json.pipe(Decision), run_id: z.string() })
  .transform(({ body, run_id }): Decision => ({ ...body, remembered_from: body.remembered_from ?? run_id }));
export const EventRow = z
  .object({ seq: z.number(), run_id: z.string(), at: z.number(), body: Json.pipe(Event) })
  .transform(({ body, ...where }) => ({ ...body, ...where }));

export function artefactRow<K extends keyof Artefacts>(kind: K): z.ZodType<Artefacts[K]> {
  return bodyOf(ARTEFACTS[kind]);
}

/**
 * The JSON of `value`. What its schema refuses is a bug of the writer and throws here, while the run can still be read: JSON would
 * turn an Infinity into a null that no reader accepts.
 */
export function toJson<T>(schema: z.ZodType<T>, value: T): string {
  return JSON.stringify(schema.parse(value));
}

const Bodies = z.object(ARTEFACTS).partial();

/** Kind and JSON of every artefact that is given. */
export function artefactBodies(artefacts: Partial<Artefacts>): [kind: string, body: string][] {
  return Object.entries(Bodies.parse(artefacts)).map(([kind, artefact]) => [kind, JSON.stringify(artefact)]);
}

/** The JSON of those parts of a run that have no column of their own. */
export function runBody(run: Run): string {
  const { run_id, state, owner, epoch, created_at, updated_at, ...body } = Run.parse(run);
  return JSON.stringify(body);
}
