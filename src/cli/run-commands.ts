/** `run`, `plan` and `resume`: the phases in order, shown as they happen. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type GraphFormat, graphText } from "../core/2-dependency/graph-text.ts";
import { planPicture } from "../core/3-batch/gantt/plan-picture.ts";
import type { Strategy } from "../core/model/conflict.ts";
import type { OrderingKind } from "../core/model/dependency-graph.ts";
import type { Event } from "../core/model/event.ts";
import type { PlanMode, PlanObjective } from "../core/model/execution-plan.ts";
import { failure } from "../core/model/failure.ts";
import type { Report } from "../core/model/report.ts";
import type { Orchestrator } from "../core/orchestrator.ts";
import { rehearse } from "../core/planning/rehearse.ts";
import { openScopeRequests } from "../core/run/open-questions.ts";
import { liveView } from "./live-view.ts";
import { CommandFailed, EXIT, note, print, printJson } from "./output.ts";
import { renderGantt, renderPlan, renderReport, renderScopeRequest } from "./render.ts";
import { expect, untilIdle, withCore } from "./session.ts";
import { workOf } from "./work-of.ts";
import type { WorkOptions } from "./work-options.ts";

export interface RunOptions extends WorkOptions {
  /** kinds of evidence that make tasks wait */
  evidence?: OrderingKind[];
  repo: string;
  base?: string;
  onto?: string;
  squash?: boolean;
  config?: string;
  agent?: string;
  maxParallel?: number;
  mode?: PlanMode;
  objective?: PlanObjective;
  strategy?: Strategy;
  graph?: GraphFormat;
  /** file for the plan as an SVG picture */
  gantt?: string;
  json?: boolean;
}

/** Events go to whatever watches at the moment. */
class Watcher {
  current: (event: Event) => void = () => undefined;
  readonly observe = (_run: string, event: Event): void => this.current(event);
}

export async function planCommand(options: RunOptions): Promise<number> {
  return withCore({ config: options.config, allow_task_commands: true }, async ({ orchestrator }) => {
    const runId = await prepare(orchestrator, options, { agents: false });
    const { list, graph, plan } = expect(await orchestrator.context(runId));
    if (options.gantt !== undefined) await writePicture(options.gantt, planPicture(plan, graph, "svg"));
    if (options.graph !== undefined) print(graphText(graph, options.graph).trimEnd());
    else if (options.json) printJson({ run_id: runId, ...plan });
    else print(`${renderPlan(list, graph, plan)}\n\n${renderGantt(graph, plan)}\n\nrun it: forkjoin resume ${runId}`);
    return EXIT.success;
  });
}

async function writePicture(file: string, picture: string): Promise<void> {
  try {
    await writeFile(file, picture);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(failure("invalid_input", `--gantt ${file} cannot be written: ${why}`, "name another file"));
  }
}

export async function runCommand(options: RunOptions): Promise<number> {
  const watcher = new Watcher();
  const { observe } = watcher;
  return withCore({ config: options.config, allow_task_commands: true, observe }, async ({ orchestrator }) => {
    const runId = await prepare(orchestrator, options, { agents: true });
    return carryOut(orchestrator, runId, { watcher, json: options.json === true });
  });
}

export async function resumeCommand(
  runId: string,
  { config, json, takeOver: take_over }: { config?: string; json?: boolean; takeOver?: boolean },
): Promise<number> {
  const watcher = new Watcher();
  const { observe } = watcher;
  const options = { config, allow_task_commands: true, observe, take_over };
  return withCore(options, async ({ orchestrator, reaped }) => {
    const dead = reaped.find((run) => run.run_id === runId);
    if (dead !== undefined) note(`the run goes on: its process had died${whileRunning(dead.tasks)}`);
    expect(await orchestrator.prepare(runId));
    return carryOut(orchestrator, runId, { watcher, json: json === true });
  });
}

function whileRunning(tasks: string[]): string {
  return tasks.length === 0 ? "" : ` while it ran ${tasks.join(", ")}`;
}

/** Phases 0 to 3. Returns the run; input that cannot work leaves none behind. */
async function prepare(
  orchestrator: Orchestrator,
  options: RunOptions,
  { agents }: { agents: boolean },
): Promise<string> {
  const { request, work } = await workOf(options, orchestrator.ports);
  const { agent, onto, squash, maxParallel: max_parallel, mode, objective, strategy: conflict_resolution } = options;
  const input = {
    request,
    repo: resolve(options.repo),
    base: options.base,
    ordering: evidenceOf(options),
    settings: { agent, onto, squash, max_parallel, mode, objective, conflict_resolution },
  };
  expect(await rehearse({ ...input, work, agents }, orchestrator.ports));
  const { run } = expect(await orchestrator.decompose({ ...input, work }));
  for (const warning of run.warnings) note(`note: ${warning}`);
  expect(await orchestrator.prepare(run.run_id));
  return run.run_id;
}

/** A command does the same to every file, whatever was done to the others: then only declared dependencies order it. */
function evidenceOf({ evidence, command = [] }: RunOptions): OrderingKind[] | undefined {
  return evidence ?? (command.length > 0 ? ["declared"] : undefined);
}

/** Phases 4 and 5, from wherever the run is. */
async function carryOut(
  orchestrator: Orchestrator,
  runId: string,
  { watcher, json }: { watcher: Watcher; json: boolean },
): Promise<number> {
  const { graph, plan, list } = expect(await orchestrator.context(runId));
  if (!json) print(`run ${runId}\n\n${renderPlan(list, graph, plan)}\n`);
  else note(`run ${runId}`);
  const view = await liveView(
    list.tasks.map((task) => task.id),
    graph,
    !json && process.stderr.isTTY === true,
  );
  watcher.current = (event) => view.observe(event);
  try {
    expect(await orchestrator.execute(runId, "all"));
    await untilIdle(orchestrator, runId);
    const stopped = orchestrator.ports.store.run(runId);
    if (stopped?.state === "awaiting_review") return awaitingDecision(orchestrator, runId, json);
    if (stopped?.state !== "open") return ended(orchestrator, runId);
    expect(await orchestrator.aggregate(runId, {}));
    await untilIdle(orchestrator, runId);
  } finally {
    view.close();
  }
  const report = orchestrator.ports.store.artefact(runId, "report");
  const run = orchestrator.ports.store.run(runId);
  const broken = orchestrator.live.failureOf(runId) ?? run?.error;
  if (report === undefined || broken !== undefined) return ended(orchestrator, runId);
  if (json) printJson(report);
  else print(`\n${renderReport(report)}${nextSteps(report)}`);
  return exitCode(report);
}

/** Tasks wait for a person to say whether their scope may grow; everything else that could be done is done. */
function awaitingDecision({ ports }: Orchestrator, runId: string, json: boolean): number {
  const requests = openScopeRequests(runId, ports);
  if (json) printJson({ run_id: runId, state: "awaiting_review", scope_requests: requests });
  else
    print(
      `\n${requests.map(renderScopeRequest).join("\n\n")}\n\nforkjoin resolve ${runId} ID --choose grant, then forkjoin resume ${runId}`,
    );
  return EXIT.review;
}

function nextSteps(report: Report): string {
  const id = report.run_id;
  if (report.conflicts_open.length > 0) return `\n\ndecide: forkjoin resolve ${id}, then forkjoin resume ${id}`;
  return report.branch === null ? "" : `\n\ntake it over: forkjoin land ${id}`;
}

function exitCode(report: Report): number {
  if (report.conflicts_open.length > 0) return EXIT.review;
  return report.final_status === "success" ? EXIT.success : EXIT.incomplete;
}

/** The run stopped before its report: cancelled from elsewhere, or its record could not be kept. */
function ended(orchestrator: Orchestrator, runId: string): number {
  const run = orchestrator.ports.store.run(runId);
  if (run?.state === "paused") {
    const hint = `everything done so far is kept: forkjoin resume ${runId}`;
    throw new CommandFailed(failure("interrupted", `run ${runId} is paused`, hint), EXIT.interrupted);
  }
  const code = run?.state === "cancelled" ? "cancelled" : "interrupted";
  const told = orchestrator.live.failureOf(runId) ?? run?.error;
  const problem = told ?? failure(code, `run ${runId} is ${run?.state}`, `forkjoin status ${runId}`);
  throw new CommandFailed(problem, EXIT.incomplete);
}
