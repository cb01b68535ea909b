/** `run`, `plan` and `resume`: the phases in order, shown as they happen. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Strategy } from "../core/model/conflict.ts";
import type { OrderingKind } from "../core/model/dependency-graph.ts";
import type { Event } from "../core/model/event.ts";
import type { PlanMode, PlanObjective } from "../core/model/execution-plan.ts";
import { failure } from "../core/model/failure.ts";
import type { GraphFormat } from "../core/model/picture-format.ts";
import type { Report } from "../core/model/report.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { chosenId, type RunChoice } from "./chosen-run.ts";
import { liveView } from "./live-view.ts";
import { CommandFailed, EXIT, note, print, printJson } from "./output.ts";
import { renderGantt, renderPlan, renderReport, renderScopeRequest } from "./render.ts";
import { expect, untilIdle, viewOf, withCore } from "./session.ts";
import { stepCommand } from "./step-command.ts";
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
    const view = viewOf(orchestrator, runId);
    const planned = expect(await view.planned());
    if (options.gantt !== undefined) await writePicture(options.gantt, view.picture("svg") ?? "");
    if (options.graph !== undefined) print((view.graphText(options.graph) ?? "").trimEnd());
    else if (options.json) printJson({ run_id: runId, ...planned.plan });
    else print([renderPlan(planned, view), renderGantt(view), `run it: ${stepCommand(runId, view.next)}`].join("\n\n"));
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
  named: string | undefined,
  { config, json, repo, takeOver: take_over }: RunChoice & { config?: string; json?: boolean; takeOver?: boolean },
): Promise<number> {
  const watcher = new Watcher();
  const { observe } = watcher;
  const options = { config, allow_task_commands: true, observe, take_over };
  return withCore(options, async ({ orchestrator, reaped }) => {
    const runId = await chosenId(orchestrator, { run: named, repo });
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
  orchestrator: Operations,
  options: RunOptions,
  { agents }: { agents: boolean },
): Promise<string> {
  const { request, work } = await workOf(options, orchestrator);
  const { agent, onto, squash, maxParallel: max_parallel, mode, objective, strategy: conflict_resolution } = options;
  const input = {
    request,
    repo: resolve(options.repo),
    base: options.base,
    trial: !agents,
    ordering: evidenceOf(options),
    settings: { agent, onto, squash, max_parallel, mode, objective, conflict_resolution },
  };
  expect(await orchestrator.rehearse({ ...input, work, agents }));
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
  orchestrator: Operations,
  runId: string,
  { watcher, json }: { watcher: Watcher; json: boolean },
): Promise<number> {
  const begun = viewOf(orchestrator, runId);
  const planned = expect(await begun.planned());
  const { list, graph } = planned;
  if (!json) print(`run ${runId}\n\n${renderPlan(planned, begun)}\n`);
  else note(`run ${runId}`);
  const screen = await liveView(
    list.tasks.map((task) => task.id),
    graph,
    !json && process.stderr.isTTY === true,
  );
  watcher.current = (event) => screen.observe(event);
  try {
    // Tasks that were added while the execution was ending are executed, too.
    for (let before = "", undone = "-"; undone !== "" && undone !== before; ) {
      before = undone;
      expect(await orchestrator.execute(runId, "all"));
      await untilIdle(orchestrator, runId);
      const stopped = viewOf(orchestrator, runId);
      if (stopped.state === "awaiting_review") return awaitingDecision(stopped, json);
      if (stopped.state !== "open") return ended(stopped);
      undone = expect(await stopped.undone()).join(" ");
    }
    expect(await orchestrator.aggregate(runId, {}));
    await untilIdle(orchestrator, runId);
  } finally {
    screen.close();
  }
  const view = viewOf(orchestrator, runId);
  const { report } = view;
  if (report === undefined || view.failure !== undefined) return ended(view);
  if (json) printJson(report);
  else print([`\n${renderReport(report)}`, ...whatNext(view, report)].join("\n\n"));
  return exitCode(report);
}

/** Tasks wait for a person to say whether their scope may grow; everything else that could be done is done. */
function awaitingDecision({ run_id, scopeRequests }: RunView, json: boolean): number {
  const cure = `forkjoin resolve ${run_id} ID --choose grant, then forkjoin resume ${run_id}`;
  if (json) printJson({ run_id, state: "awaiting_review", scope_requests: scopeRequests });
  else print(`\n${[...scopeRequests.map(renderScopeRequest), cure].join("\n\n")}`);
  return EXIT.review;
}

/** A run that is complete has no next step of its own: what it made can be taken over. */
function whatNext({ run_id, nextDecision }: RunView, report: Report): string[] {
  const [decide] = report.conflicts_open.length > 0 ? stepCommand(run_id, nextDecision) : [];
  if (decide !== undefined) return [`decide: ${decide}, then forkjoin resume ${run_id}`];
  return report.branch === null ? [] : [`take it over: forkjoin land ${run_id}`];
}

function exitCode(report: Report): number {
  if (report.conflicts_open.length > 0) return EXIT.review;
  return report.final_status === "success" ? EXIT.success : EXIT.incomplete;
}

/** The run stopped before its report: cancelled from elsewhere, or its record could not be kept. */
function ended({ run_id, state, run, failure: told }: RunView): number {
  if (state === "paused") {
    const hint = `everything done so far is kept: forkjoin resume ${run_id}`;
    throw new CommandFailed(failure("interrupted", `run ${run_id} is paused`, hint), EXIT.interrupted);
  }
  const code = state === "cancelled" ? "cancelled" : "interrupted";
  const problem = told ?? failure(code, `run ${run_id} is ${run.state}`, `forkjoin status ${run_id}`);
  throw new CommandFailed(problem, EXIT.incomplete);
}
