/** Phase 5 as a tool. */
import { z } from "zod";
import { Conflict, Strategy } from "../core/model/conflict.ts";
import { Report } from "../core/model/report.ts";
import { err, ok } from "../core/model/result.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

const WAIT = 20;

export const aggregateResults = defineTool({
  name: "aggregate_results",
  title: "Aggregate results",
  description:
    "Phase 5: merge accepted results in plan order, run the checks on the whole, write the report and the branch forkjoin/<run_id>; the user's branch and files stay untouched.",
  input: z.object({
    run_id: RUN_ID,
    strategy: Strategy.optional().describe("for files two tasks changed"),
    validate: z.array(z.string()).max(20).optional().describe("names of configured checks"),
  }),
  output: z.object({
    status: z.enum(["running", "awaiting_review", "complete"]),
    conflicts: z.array(Conflict),
    report: Report,
  }),
  readOnly: false,
  async run({ run_id, strategy, validate }, { orchestrator, wait }) {
    const options = {
      ...(strategy === undefined ? {} : { strategy }),
      ...(validate === undefined ? {} : { validate }),
    };
    const begun = await orchestrator.aggregate(run_id, options);
    if (!begun.ok) return begun;
    await wait(run_id, WAIT);
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { run, isOwn, failure, conflicts, report, next } = view.value;
    const common = { run_id, phase: "phase_5_aggregate" as const, next };
    if (isOwn) return ok({ summary: "the checks are still running", ...common, status: "running" });
    if (failure !== undefined) return err(failure);
    const status = conflicts.length > 0 ? "awaiting_review" : "complete";
    const summary = report?.summary ?? `run is ${run.state}`;
    return ok({ summary, ...common, status, conflicts, ...(report === undefined ? {} : { report }) });
  },
});
