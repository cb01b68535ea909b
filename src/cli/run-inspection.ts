/** `status`, `report`, `cancel` and `land`: a run looked at and answered from any other process. */
import { stringify } from "yaml";
import { reportMarkdown } from "../core/5-aggregate/report/report-markdown.ts";
import { failure } from "../core/model/failure.ts";
import type { Orchestrator } from "../core/orchestrator.ts";
import { openConflicts, openScopeRequests } from "../core/run/open-questions.ts";
import { unknownRun } from "../core/run/run-session.ts";
import { progressOf, resultsOf, stateOf } from "../core/run/run-status.ts";
import { CommandFailed, columns, EXIT, plain, print, printJson } from "./output.ts";
import { renderReport, renderResults } from "./render.ts";
import { chosenRun, expect, withCore } from "./session.ts";

const RECENT = 20;

export async function statusCommand(runId: string | undefined, options: { json?: boolean }): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    if (runId === undefined) listRuns(orchestrator, options.json === true);
    else await showRun(orchestrator, runId, options.json === true);
    return EXIT.success;
  });
}

function listRuns(orchestrator: Orchestrator, json: boolean): void {
  const runs = orchestrator.ports.store.runs(RECENT).map((run) => {
    const { run_id, repository, request, phase } = run;
    return { run_id, state: stateOf(run, orchestrator.ports), phase: phase ?? null, repository, request };
  });
  if (json) printJson({ runs });
  else if (runs.length === 0) print("no runs yet");
  else print(plain(columns(runs.map((run) => [run.run_id, run.state, run.repository, run.request.slice(0, 60)]))));
}

async function showRun(orchestrator: Orchestrator, runId: string, json: boolean): Promise<void> {
  const run = orchestrator.ports.store.run(runId);
  if (run === undefined) throw new CommandFailed(unknownRun(runId, orchestrator.ports));
  const state = stateOf(run, orchestrator.ports);
  const context = await orchestrator.context(runId);
  const progress = context.ok ? progressOf(context.value) : undefined;
  const results = context.ok ? resultsOf(context.value) : undefined;
  const requests = openScopeRequests(runId, orchestrator.ports).map((request) => request.request_id);
  const conflicts = openConflicts(runId, orchestrator.ports).map((conflict) => conflict.conflict_id);
  if (json)
    return printJson({ run_id: runId, state, phase: run.phase ?? null, progress, results, conflicts, requests });
  print(`run ${runId}: ${state}, last finished phase ${run.phase ?? "none"}`);
  if (progress !== undefined) print(`${progress.done} of ${progress.total} tasks ended`);
  for (const waiting of progress?.waiting ?? []) print(plain(`${waiting.task_id} waits for ${waiting.for.join(", ")}`));
  if (results !== undefined) print(renderResults(results));
  const open = [...conflicts, ...requests];
  if (open.length > 0) print(plain(`to decide: ${open.join(", ")}`));
}

export async function reportCommand(
  runId: string | undefined,
  options: { json?: boolean; format: "text" | "yaml" | "json" | "markdown" },
): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const id = chosenRun(orchestrator, runId);
    if (orchestrator.ports.store.run(id) === undefined) throw new CommandFailed(unknownRun(id, orchestrator.ports));
    const report = orchestrator.ports.store.artefact(id, "report");
    if (report === undefined) {
      throw new CommandFailed(failure("wrong_phase", `run ${id} has no report yet`, `forkjoin resume ${id}`));
    }
    const format = options.json ? "json" : options.format;
    if (format === "json") printJson(report);
    else if (format === "markdown") print(reportMarkdown(report).trimEnd());
    else if (format === "yaml") print(stringify({ "##report": report }).trimEnd());
    else print(renderReport(report));
    return EXIT.success;
  });
}

export async function cancelCommand(
  runId: string,
  options: { reason: string; json?: boolean; takeOver?: boolean },
): Promise<number> {
  return withCore({ read_only: true, take_over: options.takeOver }, async ({ orchestrator }) => {
    const state = expect(await orchestrator.cancel(runId, options.reason));
    if (options.json) printJson({ run_id: runId, state, cancel_requested: true });
    else print(state === "cancelled" ? `run ${runId} is cancelled` : `run ${runId} will stop within a second`);
    return EXIT.success;
  });
}

export async function pauseCommand(runId: string, options: { json?: boolean }): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const state = expect(await orchestrator.pause(runId));
    const context = await orchestrator.context(runId);
    const running = context.ok ? progressOf(context.value).running : [];
    if (options.json) printJson({ run_id: runId, state, running });
    else print(plain(state === "paused" ? `run ${runId} is paused` : pausing(runId, running)));
    return EXIT.success;
  });
}

function pausing(runId: string, running: string[]): string {
  const left = running.length === 0 ? "" : `; still at work: ${running.join(", ")}`;
  return `run ${runId} starts nothing more${left}; go on with: forkjoin resume ${runId}`;
}
