/** Phases 4 and 5 on the command line, shown as they happen, and what follows them. */
import { open } from "node:fs/promises";
import type { AgentEvent } from "../core/model/agent-event.ts";
import type { Event } from "../core/model/event.ts";
import { failure } from "../core/model/failure.ts";
import type { Report } from "../core/model/report.ts";
import type { Operations, Planned, RunView } from "../core/orchestrator.ts";
import { type LiveView, liveView } from "./live-view.ts";
import { notifyTerminal } from "./notify-terminal.ts";
import { CommandFailed, EXIT, note, plain, print, printJson } from "./output.ts";
import { renderBrief, renderPlan, renderReport, renderScopeRequest } from "./render.ts";
import { expect, untilIdle, viewOf } from "./session.ts";
import { stepCommand } from "./step-command.ts";

/** Events and what agents say go to whatever watches at the moment. */
export class Watcher {
  screen: Pick<LiveView, "observe" | "hear"> | undefined;
  readonly ears = {
    observe: (_run: string, event: Event): void => this.screen?.observe(event),
    hear: (_run: string, taskId: string, said: AgentEvent): void => this.screen?.hear(taskId, said),
  };
}

export interface CarryOptions {
  watcher: Watcher;
  json: boolean;
  /** a word at the end to whoever looks away */
  notify?: boolean;
  /** the whole plan first, not only what it comes to */
  verbose?: boolean;
}

/** From wherever the run is. Returns the exit code. */
export async function carryOut(orchestrator: Operations, runId: string, options: CarryOptions): Promise<number> {
  try {
    return await throughPhases(orchestrator, runId, options);
  } finally {
    const view = orchestrator.view(runId);
    if (options.notify && view.ok) notifyTerminal(`run ${runId}: ${view.value.report?.summary ?? view.value.state}`);
  }
}

async function throughPhases(
  orchestrator: Operations,
  runId: string,
  { watcher, json, verbose }: CarryOptions,
): Promise<number> {
  const begun = viewOf(orchestrator, runId);
  const planned = expect(await begun.planned());
  if (json) note(`run ${runId}`);
  else print(`run ${runId}\n\n${verbose ? renderPlan(planned, begun) : renderBrief(planned, begun)}\n`);
  const screen = await liveView(sourcesOf(orchestrator, runId, planned), !json && process.stderr.isTTY === true);
  watcher.screen = screen;
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
    const results = await viewOf(orchestrator, runId).results();
    screen.close(results.ok ? results.value.batches.flatMap(({ tasks }) => tasks) : []);
  }
  const view = viewOf(orchestrator, runId);
  const { report } = view;
  if (report === undefined || view.failure !== undefined) return ended(view);
  if (json) printJson(report);
  else print([`\n${renderReport(report)}`, ...whatNext(view, report)].join("\n\n"));
  return exitCode(report);
}

/** Sources of what no event tells: why tasks wait, and what agents write into their logs. */
function sourcesOf(orchestrator: Operations, runId: string, { list, plan }: Planned): Parameters<typeof liveView>[0] {
  return {
    ids: list.tasks.map((task) => task.id),
    expected_ms: plan.estimated_parallel_time_ms,
    async waiting() {
      const view = viewOf(orchestrator, runId);
      const progress = await view.progress();
      const reasons = progress.ok ? progress.value.waiting : [];
      const batches = (view.plan ?? plan).mode === "streaming" ? [] : (view.plan ?? plan).batches;
      return new Map([
        ...batches.flatMap(({ batch_id, tasks }) => tasks.map((id) => [id, batchReason(batch_id)] as const)),
        ...reasons.map(({ task_id, for: others }) => [task_id, `waits for ${others.join(", ")}`] as const),
      ]);
    },
    async lastLine(taskId) {
      const log = viewOf(orchestrator, runId).attempts.findLast(({ task_id }) => task_id === taskId)?.log_file;
      return log === undefined ? undefined : lastLineOf(log);
    },
  };
}

function batchReason(batch: number): string {
  return batch === 1 ? "waits for a free place" : `waits for batch ${batch} to begin`;
}

const TAIL_BYTES = 2_000;

async function lastLineOf(log: string): Promise<string | undefined> {
  const file = await open(log, "r");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    );
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    return lines.findLast((line) => line.trim() !== "");
  } finally {
    await file.close();
  }
}

/** Nothing is left to do: the report stays as it is. */
export function nothingLeft({ run_id, state }: RunView, report: Report, json: boolean): number {
  const failed = report.tasks.filter(({ status }) => status === "failed").map(({ task_id }) => task_id);
  if (json) printJson(report);
  else note(plain(`run ${run_id} is ${state}: there is nothing left to do (${report.summary})`));
  if (failed.length > 0) note(plain(`  do again what failed (${failed.join(", ")}): forkjoin retry ${run_id}`));
  return exitCode(report);
}

/** Tasks wait for a person to say whether their scope may grow; everything else that could be done is done. */
function awaitingDecision({ run_id, scopeRequests }: RunView, json: boolean): number {
  const cure = `forkjoin resolve ${run_id} ID --choose grant, then forkjoin resume ${run_id}`;
  if (json) printJson({ run_id, state: "awaiting_review", scope_requests: scopeRequests });
  else print(`\n${[...scopeRequests.map(renderScopeRequest), cure].join("\n\n")}`);
  return EXIT.review;
}

/** A run that is complete has no next step of its own: what failed can be looked into and done again, what it made can be taken over. */
function whatNext({ run_id, nextDecision }: RunView, report: Report): string[] {
  const [decide] = report.conflicts_open.length > 0 ? stepCommand(run_id, nextDecision) : [];
  if (decide !== undefined) return [`decide: ${decide}, then forkjoin resume ${run_id}`];
  const failed = report.tasks.find(({ status }) => status === "failed");
  const lines = [
    ...(failed === undefined ? [] : [`see why: forkjoin show ${run_id} ${failed.task_id}`]),
    ...(failed === undefined ? [] : [`do it again: forkjoin retry ${run_id}`]),
    ...(report.branch === null ? [] : [`take it over: forkjoin land ${run_id}`]),
  ];
  return lines.length === 0 ? [] : [lines.join("\n")];
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
