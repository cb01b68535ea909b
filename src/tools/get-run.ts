/** Where a run stands, with whatever part of it is asked for. */
import { z } from "zod";
import { BatchResults } from "../core/model/batch-results.ts";
import { Conflict } from "../core/model/conflict.ts";
import { DependencyGraph } from "../core/model/dependency-graph.ts";
import { ExecutionPlan } from "../core/model/execution-plan.ts";
import { Report } from "../core/model/report.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { Task } from "../core/model/task.ts";
import { taskOf } from "../core/requests/task-views.ts";
import { openConflicts } from "../core/run/open-questions.ts";
import { unknownRun } from "../core/run/run-session.ts";
import { progressOf, resultsOf, stateOf } from "../core/run/run-status.ts";
import { type Answer, defineTool, type ToolContext, WAIT_SECONDS } from "./define-tool.ts";

const Part = z.enum(["tasks", "graph", "plan", "results", "report", "conflicts", "log"]);
type Part = z.infer<typeof Part>;

const PAGE = 50;
const RECENT = 20;

const RunLine = z.object({ run_id: z.string(), state: RunState, request: z.string(), repository: z.string() });

export const getRun = defineTool({
  name: "get_run",
  title: "Get run",
  description:
    "Where a run stands, with the parts asked for; waits up to wait_seconds while it works. Without run_id: the recent runs.",
  input: z.object({
    run_id: z.string().optional(),
    wait_seconds: WAIT_SECONDS.default(25),
    include: z.array(Part).max(7).default([]),
    task_id: z.string().optional().describe("only this task"),
    page: z.number().int().min(1).default(1).describe(`${PAGE} tasks or conflicts a page`),
  }),
  output: z.object({
    runs: z.array(RunLine),
    state: RunState,
    progress: z.object({
      done: z.number(),
      total: z.number(),
      running: z.array(z.string()),
      waiting: z.array(z.object({ task_id: z.string(), for: z.array(z.string()) })),
    }),
    warnings: z.array(z.string()),
    tasks: z.array(Task),
    graph: DependencyGraph,
    plan: ExecutionPlan,
    results: BatchResults,
    report: Report,
    conflicts: z.array(Conflict),
    log: z.string(),
    pages: z.number(),
  }),
  readOnly: true,
  async run({ run_id, wait_seconds, include, task_id, page }, context) {
    const { ports } = context.orchestrator;
    if (run_id === undefined) return ok(recentRuns(context));
    const found = ports.store.run(run_id);
    if (found === undefined) return err(unknownRun(run_id, ports));
    if (["executing", "aggregating"].includes(stateOf(found, ports))) await context.wait(run_id, wait_seconds);
    const run = ports.store.run(run_id) ?? found;
    const state = stateOf(run, ports);
    const planned = await context.orchestrator.context(run_id);
    const progress = planned.ok ? progressOf(planned.value) : undefined;
    const parts = await includedParts({ run_id, include, task_id, page }, context);
    if (!parts.ok) return parts;
    const done = progress === undefined ? "" : `, ${progress.done} of ${progress.total} tasks ended`;
    const why = run.error === undefined ? "" : `: ${run.error.message}. ${run.error.hint}`;
    return ok({
      summary: `run ${run_id} is ${state}${done}${why}`,
      run_id,
      ...(run.phase === undefined ? {} : { phase: run.phase }),
      ...nextStep(run_id, state, run.phase),
      state,
      warnings: run.warnings,
      ...(progress === undefined ? {} : { progress }),
      ...parts.value,
    });
  },
});

function recentRuns({ orchestrator }: ToolContext): Answer {
  const runs = orchestrator.ports.store.runs(RECENT).map((run) => {
    const { run_id, request, repository } = run;
    return { run_id, state: stateOf(run, orchestrator.ports), request: request.slice(0, 200), repository };
  });
  return { summary: runs.length === 0 ? "no runs yet: begin with decompose_work" : `${runs.length} recent runs`, runs };
}

interface Wanted {
  run_id: string;
  include: Part[];
  task_id: string | undefined;
  page: number;
}

async function includedParts(wanted: Wanted, context: ToolContext): Promise<Result<Record<string, unknown>>> {
  const { store } = context.orchestrator.ports;
  const { run_id, task_id } = wanted;
  const planned = await context.orchestrator.context(run_id);
  const only = <T extends { id?: string; task_id?: string }>(items: T[]): T[] =>
    task_id === undefined ? items : items.filter((item) => (item.id ?? item.task_id) === task_id);
  const parts: Record<string, unknown> = {};
  for (const part of wanted.include) {
    if (part === "tasks")
      Object.assign(parts, paged("tasks", only(store.artefact(run_id, "task_list")?.tasks ?? []), wanted.page));
    if (part === "graph") parts.graph = store.artefact(run_id, "dependency_graph");
    if (part === "plan") parts.plan = store.artefact(run_id, "execution_plan");
    if (part === "report") parts.report = store.artefact(run_id, "report");
    if (part === "results" && planned.ok) parts.results = resultsOf(planned.value);
    if (part === "conflicts") {
      Object.assign(parts, paged("conflicts", openConflicts(run_id, context.orchestrator.ports), wanted.page));
    }
    if (part === "log") {
      const log = await logOf(wanted, context);
      if (!log.ok) return log;
      parts.log = log.value;
    }
  }
  return ok(Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)));
}

function paged(name: string, items: unknown[], page: number): Record<string, unknown> {
  return { [name]: items.slice((page - 1) * PAGE, page * PAGE), pages: Math.max(1, Math.ceil(items.length / PAGE)) };
}

/** A task's own log, or the run's events one a line. */
async function logOf({ run_id, task_id }: Wanted, { orchestrator, readLog }: ToolContext): Promise<Result<string>> {
  if (task_id === undefined) {
    const events = orchestrator.ports.store.events(run_id, 0).slice(-200);
    return ok(
      events
        .map(({ at, seq: _, run_id: __, ...event }) => `${new Date(at).toISOString()} ${JSON.stringify(event)}`)
        .join("\n"),
    );
  }
  const found = taskOf(run_id, task_id, orchestrator.ports);
  if (!found.ok) return found;
  const last = found.value.attempts.at(-1);
  return ok(last === undefined ? "" : await readLog(last.log_file));
}

const NEXT: Partial<Record<string, [string, string]>> = {
  none: ["decompose_work", "send the tasks"],
  phase_0_knowledge: ["decompose_work", "send the tasks"],
  phase_1_decompose: ["analyze_dependencies", "find out what must wait for what"],
  phase_2_dependency: ["plan_batches", "group the tasks into parallel batches"],
  phase_3_batch: ["execute_batch", "starts the next batch"],
  phase_4_execute: ["aggregate_results", "every task has ended"],
};

function nextStep(run_id: string, state: RunState, phase: string | undefined): Pick<Answer, "next"> {
  if (state === "executing" || state === "aggregating") {
    return { next: { tool: "get_run", arguments: { run_id }, why: "the run is working; this waits for it" } };
  }
  if (state === "awaiting_review") {
    return { next: { tool: "get_run", arguments: { run_id, include: ["conflicts"] }, why: "a person has to decide" } };
  }
  if (["complete", "failed", "cancelled"].includes(state)) return {};
  const [tool, why] = NEXT[phase ?? "none"] ?? ["aggregate_results", "finish the run"];
  return { next: { tool, arguments: { run_id }, why } };
}
