/** Where a run stands, with whatever part of it is asked for. */
import { z } from "zod";
import { BatchResults } from "../core/model/batch-results.ts";
import { Conflict } from "../core/model/conflict.ts";
import { DependencyGraph } from "../core/model/dependency-graph.ts";
import { ExecutionPlan } from "../core/model/execution-plan.ts";
import { failureText } from "../core/model/failure.ts";
import { Report } from "../core/model/report.ts";
import { ok, type Result } from "../core/model/result.ts";
import { RunState } from "../core/model/run.ts";
import { Task } from "../core/model/task.ts";
import type { RunView } from "../core/orchestrator.ts";
import { type Answer, defineTool, type ToolContext, WAIT_SECONDS } from "./define-tool.ts";

const Part = z.enum(["tasks", "graph", "plan", "results", "report", "conflicts", "log"]);
type Part = z.infer<typeof Part>;

const PAGE = 50;
const RECENT = 20;
const EVENTS = 200;

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
    const { orchestrator, wait } = context;
    if (run_id === undefined) return ok(recentRuns(context));
    const found = orchestrator.view(run_id);
    if (!found.ok) return found;
    if (found.value.isWorking) await wait(run_id, wait_seconds);
    const view = orchestrator.view(run_id);
    if (!view.ok) return view;
    const { run, state, failure, next } = view.value;
    const progress = await view.value.progress();
    const parts = await includedParts(view.value, { include, task_id, page }, context);
    if (!parts.ok) return parts;
    const done = progress.ok ? `, ${progress.value.done} of ${progress.value.total} tasks ended` : "";
    const why = failure === undefined ? "" : `: ${failureText(failure)}`;
    return ok({
      summary: `run ${run_id} is ${state}${done}${why}`,
      run_id,
      ...(run.phase === undefined ? {} : { phase: run.phase }),
      next,
      state,
      warnings: run.warnings,
      ...(progress.ok ? { progress: progress.value } : {}),
      ...parts.value,
    });
  },
});

function recentRuns({ orchestrator }: ToolContext): Answer {
  const runs = orchestrator.runs(RECENT).map(({ state, run }) => {
    return { run_id: run.run_id, state, request: run.request.slice(0, 200), repository: run.repository };
  });
  return { summary: runs.length === 0 ? "no runs yet: begin with decompose_work" : `${runs.length} recent runs`, runs };
}

interface Wanted {
  include: Part[];
  task_id: string | undefined;
  page: number;
}

async function includedParts(
  view: RunView,
  { include, task_id, page }: Wanted,
  { readLog }: ToolContext,
): Promise<Result<Record<string, unknown>>> {
  const parts: Record<string, unknown> = {};
  for (const part of include) {
    switch (part) {
      case "tasks": {
        const tasks = view.list?.tasks ?? [];
        const shown = task_id === undefined ? tasks : tasks.filter((task) => task.id === task_id);
        Object.assign(parts, paged("tasks", shown, page));
        break;
      }
      case "graph":
      case "plan":
      case "report":
        parts[part] = view[part];
        break;
      case "results": {
        const results = await view.results();
        if (results.ok) parts.results = results.value;
        break;
      }
      case "conflicts":
        Object.assign(parts, paged("conflicts", view.conflicts, page));
        break;
      case "log": {
        const log = task_id === undefined ? ok(eventLog(view)) : await taskLog(view, task_id, readLog);
        if (!log.ok) return log;
        parts.log = log.value;
      }
    }
  }
  return ok(Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)));
}

function paged(name: string, items: unknown[], page: number): Record<string, unknown> {
  return { [name]: items.slice((page - 1) * PAGE, page * PAGE), pages: Math.max(1, Math.ceil(items.length / PAGE)) };
}

/** The run's newest events, one a line. */
function eventLog(view: RunView): string {
  const lines = view
    .events(EVENTS)
    .map(({ at, seq: _, run_id: __, ...event }) => `${new Date(at).toISOString()} ${JSON.stringify(event)}`);
  return lines.join("\n");
}

async function taskLog(view: RunView, taskId: string, readLog: ToolContext["readLog"]): Promise<Result<string>> {
  const task = view.task(taskId);
  if (!task.ok) return task;
  const last = task.value.attempts.at(-1);
  return ok(last === undefined ? "" : await readLog(last.log_file));
}
