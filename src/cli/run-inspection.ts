/** `status`, `report`, `cancel` and `pause`: a run looked at and answered from any other process. */
import { stringify } from "yaml";
import { failure } from "../core/model/failure.ts";
import type { Operations, RunView } from "../core/orchestrator.ts";
import { chosenId, chosenRun, type RunChoice } from "./chosen-run.ts";
import { CommandFailed, columns, EXIT, plain, print, printJson } from "./output.ts";
import { renderReport, renderResults } from "./render.ts";
import { expect, viewOf, withCore } from "./session.ts";
import { stepCommand } from "./step-command.ts";

const RECENT = 20;

export async function statusCommand(runId: string | undefined, options: { json?: boolean }): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    if (runId === undefined) listRuns(orchestrator, options.json === true);
    else await showRun(viewOf(orchestrator, runId), options.json === true);
    return EXIT.success;
  });
}

function listRuns(orchestrator: Operations, json: boolean): void {
  const runs = orchestrator.runs(RECENT).map(({ state, run: { run_id, repository, request, phase } }) => {
    return { run_id, state, phase: phase ?? null, repository, request };
  });
  if (json) printJson({ runs });
  else if (runs.length === 0) print("no runs yet");
  else print(plain(columns(runs.map((run) => [run.run_id, run.state, run.repository, run.request.slice(0, 60)]))));
}

async function showRun(view: RunView, json: boolean): Promise<void> {
  const { run_id, state, run } = view;
  const phase = run.phase ?? null;
  const counted = await view.progress();
  const worked = await view.results();
  const progress = counted.ok ? counted.value : undefined;
  const results = worked.ok ? worked.value : undefined;
  const requests = view.scopeRequests.map((request) => request.request_id);
  const conflicts = view.conflicts.map((conflict) => conflict.conflict_id);
  if (json) return printJson({ run_id, state, phase, progress, results, conflicts, requests });
  print(`run ${run_id}: ${state}, last finished phase ${phase ?? "none"}`);
  if (progress !== undefined) print(`${progress.done} of ${progress.total} tasks ended`);
  for (const waiting of progress?.waiting ?? []) print(plain(`${waiting.task_id} waits for ${waiting.for.join(", ")}`));
  if (results !== undefined) print(renderResults(results));
  const open = [...conflicts, ...requests];
  if (open.length > 0) print(plain(`to decide: ${open.join(", ")}`));
  const commands = view.isWorking ? [] : stepCommand(run_id, view.next);
  for (const command of commands) print(`next: ${command}`);
}

export async function reportCommand(
  runId: string | undefined,
  options: RunChoice & { json?: boolean; format: "text" | "yaml" | "json" | "markdown" },
): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const view = await chosenRun(orchestrator, { run: runId, repo: options.repo, reads: true });
    const { run_id, report } = view;
    if (report === undefined) {
      throw new CommandFailed(failure("wrong_phase", `run ${run_id} has no report yet`, `forkjoin resume ${run_id}`));
    }
    const format = options.json ? "json" : options.format;
    if (format === "json") printJson(report);
    else if (format === "markdown") print((view.reportMarkdown() ?? "").trimEnd());
    else if (format === "yaml") print(stringify({ "##report": report }).trimEnd());
    else print(renderReport(report));
    return EXIT.success;
  });
}

export async function cancelCommand(
  named: string | undefined,
  options: RunChoice & { reason: string; json?: boolean; takeOver?: boolean },
): Promise<number> {
  return withCore({ read_only: true, take_over: options.takeOver }, async ({ orchestrator }) => {
    const runId = await chosenId(orchestrator, { run: named, repo: options.repo });
    const state = expect(await orchestrator.cancel(runId, options.reason));
    if (options.json) printJson({ run_id: runId, state, cancel_requested: true });
    else print(state === "cancelled" ? `run ${runId} is cancelled` : `run ${runId} will stop within a second`);
    return EXIT.success;
  });
}

export async function pauseCommand(
  named: string | undefined,
  options: RunChoice & { json?: boolean },
): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const runId = await chosenId(orchestrator, { run: named, repo: options.repo });
    const state = expect(await orchestrator.requests.pause(runId));
    const progress = await viewOf(orchestrator, runId).progress();
    const running = progress.ok ? progress.value.running : [];
    if (options.json) printJson({ run_id: runId, state, running });
    else print(plain(state === "paused" ? `run ${runId} is paused` : pausing(runId, running)));
    return EXIT.success;
  });
}

function pausing(runId: string, running: string[]): string {
  const left = running.length === 0 ? "" : `; still at work: ${running.join(", ")}`;
  return `run ${runId} starts nothing more${left}; go on with: forkjoin resume ${runId}`;
}
