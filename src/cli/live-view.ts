/** A run as it happens: one line per task with its state, time and what it waits for; plain lines where there is no terminal. */
import { styleText } from "node:util";
import type { DependencyGraph } from "../core/model/dependency-graph.ts";
import { formatDuration } from "../core/model/duration.ts";
import type { Event } from "../core/model/event.ts";
import { note, plain } from "./output.ts";

export interface LiveView {
  observe(event: Event): void;
  close(): void;
}

type State = "waiting" | "running" | "success" | "failed" | "skipped";

interface Line {
  state: State;
  attempt: number;
  started: number;
  ended: number;
  note: string;
}

const MARKS: Record<State, string> = { waiting: "·", running: "▶", success: "✔", failed: "✘", skipped: "–" };
const COLOURS = { waiting: "gray", running: "cyan", success: "green", failed: "red", skipped: "yellow" } as const;
const REDRAW_MS = 200;

function emptyLine(): Line {
  return { state: "waiting", attempt: 0, started: 0, ended: 0, note: "" };
}

/** `ids` are the tasks in the order of the task list. */
export async function liveView(ids: string[], graph: DependencyGraph, terminal: boolean): Promise<LiveView> {
  return terminal ? terminalView(ids, graph) : lineView();
}

/** One line per event, with the time since the start: for logs and pipes. */
function lineView(): LiveView {
  const start = Date.now();
  return {
    observe(event) {
      const text = lineOf(event);
      if (text !== undefined) note(`[${((Date.now() - start) / 1_000).toFixed(1).padStart(6)}s] ${plain(text)}`);
    },
    close: () => undefined,
  };
}

function lineOf(event: Event): string | undefined {
  switch (event.type) {
    case "batch_started":
      return `batch ${event.batch_id}: ${event.tasks.join(", ")}`;
    case "task_started":
      return `${event.task_id} started${event.attempt > 1 ? ` (attempt ${event.attempt})` : ""}`;
    case "task_retried":
      return `${event.task_id} is tried again: ${event.error.message}`;
    case "task_finished":
      return `${event.task_id} ${event.status}${event.error === undefined ? "" : `: ${event.error.message}`}`;
    case "task_claimed":
      return `${event.task_id} is with a client (attempt ${event.attempt})`;
    case "scope_decided":
      return `${event.task_id} asked for more files: ${event.status.replace("_", " ")} ${event.granted.join(", ")}`;
    case "budget_spent":
      return event.reason;
    case "task_merged":
      return `${event.task_id} ${event.outcome}`;
    case "conflict_found":
      return `conflict in ${event.path} between ${event.tasks.join(" and ")}`;
    case "sync_point":
      return `sync point after batch ${event.batch_id}, at ${event.commit.slice(0, 12)}`;
    case "check_started":
      return `check ${event.check} started on ${event.state ?? "the combined state"}`;
    case "check_finished":
      return `check ${event.check} ${event.passed ? "passed" : "FAILED"}${event.state === undefined ? "" : ` on ${event.state}`}`;
    case "culprit_found":
      return `${event.task_id} breaks ${event.check}${event.with.length === 0 ? "" : ` together with ${event.with.join(", ")}`}`;
    case "pause_requested":
      return "pausing: nothing more is started";
    case "tasks_added":
      return `added: ${event.tasks.join(", ")}`;
    case "retry_begun":
      return `done again: ${event.tasks.join(", ")}`;
    case "scope_grown":
      return `${event.task_id} may change ${event.files.join(", ")} too`;
    case "replanned":
      return `planned anew: ${event.why}`;
    case "amendment_refused":
      return `not taken up: ${event.message}`;
    case "instances_met":
      return `all instances met after ${event.phase_id}, at ${event.commit.slice(0, 12)}`;
    case "run_taken_over":
      return `the run goes on: ${event.reason}`;
    default:
      return undefined;
  }
}

/** The library that draws is loaded where there is something to draw on. */
async function terminalView(ids: string[], graph: DependencyGraph): Promise<LiveView> {
  const { createLogUpdate } = await import("log-update");
  const draw = createLogUpdate(process.stderr);
  const lines = new Map<string, Line>(ids.map((id) => [id, emptyLine()]));
  const footer = { text: "" };
  const redraw = (): void => draw(render(lines, graph, footer.text));
  const timer = setInterval(redraw, REDRAW_MS);
  return {
    observe(event) {
      apply(lines, footer, event);
      redraw();
    },
    close() {
      clearInterval(timer);
      redraw();
      draw.done();
    },
  };
}

function apply(lines: Map<string, Line>, footer: { text: string }, event: Event): void {
  if (event.type === "tasks_added") for (const id of event.tasks) lines.set(id, emptyLine());
  const line = "task_id" in event ? lines.get(event.task_id) : undefined;
  switch (event.type) {
    case "task_started":
      if (line !== undefined) {
        Object.assign(line, { state: "running", attempt: event.attempt, started: line.started || Date.now() });
      }
      return;
    case "task_retried":
      if (line !== undefined) line.note = event.error.message;
      return;
    case "task_finished":
      if (line !== undefined) {
        Object.assign(line, { state: event.status, ended: Date.now(), note: event.error?.message ?? "" });
      }
      return;
    default:
      footer.text = lineOf(event) ?? footer.text;
  }
}

function render(lines: Map<string, Line>, graph: DependencyGraph, footer: string): string {
  const width = Math.max(...[...lines.keys()].map((id) => id.length));
  const room = Math.max(40, (process.stderr.columns ?? 100) - width - 24);
  const rows = [...lines].map(([id, line]) => {
    const mark = styleText(COLOURS[line.state], MARKS[line.state]);
    const time = line.started === 0 ? "" : formatDuration((line.ended || Date.now()) - line.started);
    const attempt = line.attempt > 1 ? `attempt ${line.attempt} ` : "";
    const said = line.state === "waiting" ? waitsFor(id, lines, graph) : `${attempt}${line.note}`;
    return `${mark} ${id.padEnd(width)} ${time.padStart(8)}  ${plain(said).replaceAll("\n", " ").slice(0, room)}`;
  });
  return [...rows, styleText("gray", plain(footer).slice(0, room + width))].join("\n");
}

function waitsFor(id: string, lines: Map<string, Line>, graph: DependencyGraph): string {
  const open = (graph.tasks[id] ?? []).filter((needed) => lines.get(needed)?.state !== "success");
  return open.length === 0 ? "" : `waits for ${open.join(", ")}`;
}
