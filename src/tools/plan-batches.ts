/** Phase 3 as a tool. */
import { z } from "zod";
import { MAX_PARALLEL_LIMIT } from "../core/model/configuration.ts";
import { ExecutionPlan, MAX_TIME_BUDGET_MS, PlanMode, PlanObjective } from "../core/model/execution-plan.ts";
import { planShape } from "../core/model/plan-shape.ts";
import { ok } from "../core/model/result.ts";
import { defineTool, nextOf, RUN_ID } from "./define-tool.ts";

export const planBatches = defineTool({
  name: "plan_batches",
  title: "Plan batches",
  description:
    "Phase 3: parallel batches in dependency order, the time they save, and whether it pays at all. Runs nothing.",
  input: z.object({
    run_id: RUN_ID,
    max_parallel: z.number().int().min(1).max(MAX_PARALLEL_LIMIT).optional().describe("agents at once; default 5"),
    mode: PlanMode.optional().describe("streaming: no sync points, a task starts as soon as it can"),
    objective: PlanObjective.optional().describe("for batches; default time"),
    time_budget_ms: z.number().int().min(0).max(MAX_TIME_BUDGET_MS).optional(),
  }),
  output: ExecutionPlan,
  readOnly: true,
  async run({ run_id, ...options }, { orchestrator }) {
    const plan = await orchestrator.plan(run_id, options);
    if (!plan.ok) return plan;
    const { estimated_parallel_time, estimated_sequential_time, recommendation, why } = plan.value;
    const summary = `${planShape(plan.value)}, ${estimated_parallel_time} instead of ${estimated_sequential_time}; recommendation ${recommendation}: ${why}`;
    const next = nextOf(orchestrator, run_id);
    return ok({ summary, run_id, phase: "phase_3_batch" as const, next, ...plan.value });
  },
});
