/** Phase 5 as a tool. */
import { z } from "zod";
import { Conflict, Strategy } from "../core/model/conflict.ts";
import { Report } from "../core/model/report.ts";
import { err, ok } from "../core/model/result.ts";
import { openConflicts } from "../core/run/open-questions.ts";
import { defineTool, RUN_ID } from "./define-tool.ts";

const WAIT = 20;

export const aggregateResults = defineTool({
  name: "aggregate_results",
  title: "Aggregate results",
  description:
    "Phase 5: merge accepted results in plan order, run the checks on the whole, write the report and the branch forkjoin/<run_id>; the user's branch and files stay untouched. Status running: get_run.",
  input: z.object({
    run_id: RUN_ID,
    strategy: Strategy.optional().describe("for files two tasks changed; default first_wins_with_merge"),
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
    const common = { run_id, phase: "phase_5_aggregate" as const };
    if (orchestrator.live.isLive(run_id)) {
      const next = { tool: "get_run", arguments: { run_id, include: ["report"] }, why: "the checks are still running" };
      return ok({ summary: "the checks are still running", ...common, next, status: "running" });
    }
    const run = orchestrator.ports.store.run(run_id);
    const report = orchestrator.ports.store.artefact(run_id, "report");
    if (run?.error !== undefined) return err(run.error);
    const conflicts = openConflicts(run_id, orchestrator.ports);
    const status = conflicts.length > 0 ? "awaiting_review" : "complete";
    const first = conflicts[0];
    const decide = first && {
      tool: "resolve_conflict",
      arguments: { run_id, conflict_id: first.conflict_id, choice: "ours" },
      why: "show both versions to the user, who decides",
    };
    return ok({
      summary: report?.summary ?? `run is ${run?.state}`,
      ...common,
      ...(decide === undefined ? {} : { next: decide }),
      ...{ status, conflicts },
      ...(report === undefined ? {} : { report }),
    });
  },
});
