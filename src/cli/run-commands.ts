/** `run`, `plan` and `resume`: the phases in order. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Strategy } from "../core/model/conflict.ts";
import type { OrderingKind } from "../core/model/dependency-graph.ts";
import type { PlanMode, PlanObjective } from "../core/model/execution-plan.ts";
import { failure } from "../core/model/failure.ts";
import type { GraphFormat } from "../core/model/picture-format.ts";
import type { Operations } from "../core/orchestrator.ts";
import { carryOut, nothingLeft, Watcher } from "./carry-out.ts";
import { chosenId, type RunChoice } from "./chosen-run.ts";
import { CommandFailed, EXIT, note, print, printJson } from "./output.ts";
import { renderGantt, renderPlan } from "./render.ts";
import { expect, viewOf, withCore } from "./session.ts";
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
  /** the whole plan before the first task, too */
  verbose?: boolean;
  /** a notification at the end */
  notify?: boolean;
  json?: boolean;
}

export async function planCommand(options: RunOptions): Promise<number> {
  return withCore({ config: options.config, allow_task_commands: true }, async ({ orchestrator }) => {
    const runId = await prepare(orchestrator, options, { agents: false });
    const view = viewOf(orchestrator, runId);
    const planned = expect(await view.planned());
    if (options.gantt !== undefined) await writePicture(options.gantt, view.picture("svg") ?? "");
    if (options.graph !== undefined) print((view.graphText(options.graph) ?? "").trimEnd());
    else if (options.json) printJson({ run_id: runId, ...planned.plan, dependency_graph: planned.graph });
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
  return withCore({ config: options.config, allow_task_commands: true, ...watcher.ears }, async ({ orchestrator }) => {
    const runId = await prepare(orchestrator, options, { agents: true });
    return carryOut(orchestrator, runId, {
      watcher,
      json: options.json === true,
      notify: options.notify === true,
      verbose: options.verbose === true,
    });
  });
}

export interface ResumeOptions extends RunChoice {
  config?: string;
  json?: boolean;
  takeOver?: boolean;
  notify?: boolean;
}

export async function resumeCommand(
  named: string | undefined,
  { config, json, repo, takeOver: take_over, notify }: ResumeOptions,
): Promise<number> {
  const watcher = new Watcher();
  const options = { config, allow_task_commands: true, ...watcher.ears, take_over };
  return withCore(options, async ({ orchestrator, reaped }) => {
    const runId = await chosenId(orchestrator, { run: named, repo });
    const dead = reaped.find((run) => run.run_id === runId);
    if (dead !== undefined) note(`the run goes on: its process had died${whileRunning(dead.tasks)}`);
    expect(await orchestrator.prepare(runId));
    const view = viewOf(orchestrator, runId);
    if (view.report !== undefined && expect(await view.isOver())) return nothingLeft(view, view.report, json === true);
    return carryOut(orchestrator, runId, { watcher, json: json === true, notify: notify === true });
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
