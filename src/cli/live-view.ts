/** A run as it happens: the tasks that matter now, fitted to the window; plain lines where there is no terminal. */
import { styleText } from "node:util";
import type { AgentEvent } from "../core/model/agent-event.ts";
import type { TaskResult } from "../core/model/batch-results.ts";
import type { Event } from "../core/model/event.ts";
import { type Usage, withEvent } from "../core/model/usage.ts";
import { eventText } from "./event-text.ts";
import { type Frame, frameOf, type Row, type TaskLine } from "./live-frame.ts";
import { note, plain } from "./output.ts";

export interface LiveView {
  observe(event: Event): void;
  /** What a running agent said. */
  hear(taskId: string, said: AgentEvent): void;
  /** `results`: how the tasks ended, where that is known: culprits and what was skipped are no event of their own. */
  close(results?: TaskResult[]): void;
}

/** Sources of what no event tells. */
export interface LiveSources {
  /** tasks in the order of the list, with what the plan says they wait for at the start */
  ids: string[];
  expected_ms: number;
  /** task id → why it does not run yet */
  waiting(): Promise<Map<string, string>>;
  /** last line of the log of the task's running attempt */
  lastLine(taskId: string): Promise<string | undefined>;
}

const COLOURS: Record<Row["state"], Parameters<typeof styleText>[0]> = {
  waiting: "gray",
  running: "cyan",
  success: "green",
  failed: "red",
  skipped: "yellow",
  count: "bold",
  last: "gray",
};
const REDRAW_MS = 200;
const LOOK_MS = 1_000;

export async function liveView(sources: LiveSources, terminal: boolean): Promise<LiveView> {
  return terminal ? terminalView(sources) : lineView();
}

/** One line per event, with the time since the start: for logs and pipes. */
function lineView(): LiveView {
  const start = Date.now();
  return {
    observe(event) {
      const text = eventText(event);
      if (text !== undefined) note(`[${((Date.now() - start) / 1_000).toFixed(1).padStart(6)}s] ${plain(text)}`);
    },
    hear: () => undefined,
    close: () => undefined,
  };
}

/** The library that draws is loaded where there is something to draw on. */
async function terminalView(sources: LiveSources): Promise<LiveView> {
  const { createLogUpdate } = await import("log-update");
  const draw = createLogUpdate(process.stderr);
  const model = new LiveModel(sources);
  const redraw = (): void => {
    const { columns = 80, rows = 24 } = process.stderr;
    draw(frameOf(model.frame, { columns, rows, now: Date.now() }).map(coloured).join("\n"));
  };
  let looking = Promise.resolve();
  const timer = setInterval(redraw, REDRAW_MS);
  const look = setInterval(() => {
    looking = looking.then(() => model.look());
  }, LOOK_MS);
  return {
    observe(event) {
      model.observe(event);
      redraw();
    },
    hear: (taskId, said) => model.hear(taskId, said),
    close(results) {
      clearInterval(timer);
      clearInterval(look);
      model.end(results);
      redraw();
      draw.done();
    },
  };
}

function coloured({ state, text }: Row): string {
  return styleText(COLOURS[state], text, { stream: process.stderr });
}

/** State of the view between two frames. */
export class LiveModel {
  readonly frame: Frame;
  readonly #sources: LiveSources;
  readonly #lines: Map<string, TaskLine>;
  readonly #usage = new Map<string, Usage | undefined>();
  /** tasks whose agents speak for themselves */
  readonly #speaking = new Set<string>();

  constructor(sources: LiveSources) {
    this.#sources = sources;
    this.#lines = new Map(sources.ids.map((id) => [id, emptyLine(id)]));
    this.frame = { tasks: [...this.#lines.values()], last: "", expected_ms: sources.expected_ms, started: Date.now() };
  }

  observe(event: Event): void {
    this.frame.last = eventText(event) ?? this.frame.last;
    if (event.type === "tasks_added") for (const id of event.tasks) this.#add(id);
    if ("task_id" in event) this.#change(event.task_id, (line) => apply(line, event));
  }

  hear(taskId: string, said: AgentEvent): void {
    this.#change(taskId, (line) => {
      this.#speaking.add(taskId);
      const usage = withEvent(this.#usage.get(taskId), said);
      this.#usage.set(taskId, usage);
      line.tokens = (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);
      if (said.type === "message") line.note = said.text;
      if (said.type === "tool_call") line.note = `uses ${said.name}`;
      if (said.type === "error") line.note = said.message;
    });
  }

  /** Asks for what no event tells: why tasks wait, and the last line of agents that only write a log. */
  async look(): Promise<void> {
    const waiting = await this.#sources.waiting().catch(() => new Map<string, string>());
    for (const line of this.frame.tasks) {
      if (line.state === "waiting") line.note = waiting.get(line.id) ?? "";
      if (line.state !== "running" || this.#speaking.has(line.id)) continue;
      const said = await this.#sources.lastLine(line.id).catch(() => undefined);
      if (said !== undefined && line.state === "running") line.note = said;
    }
  }

  end(results: TaskResult[] = []): void {
    for (const { task_id, status, error } of results) {
      this.#change(task_id, (line) => {
        line.state = status === "pending" ? "waiting" : status;
        line.note = error === null ? "" : causeOf(error.message);
      });
    }
  }

  #add(id: string): void {
    if (this.#lines.has(id)) return;
    const line = emptyLine(id);
    this.#lines.set(id, line);
    this.frame.tasks.push(line);
  }

  #change(id: string, change: (line: TaskLine) => void): void {
    const line = this.#lines.get(id);
    if (line !== undefined) change(line);
  }
}

function apply(line: TaskLine, event: Event): void {
  if (event.type === "task_started") {
    line.started ||= Date.now();
    Object.assign(line, { state: "running", attempt: event.attempt, ended: 0 });
  } else if (event.type === "task_retried") {
    line.note = causeOf(event.error.message);
  } else if (event.type === "task_finished") {
    const why = event.error === undefined ? "" : causeOf(event.error.message);
    Object.assign(line, { state: event.status, ended: Date.now(), note: why });
  }
}

function emptyLine(id: string): TaskLine {
  return { id, state: "waiting", attempt: 0, started: 0, ended: 0, note: "", tokens: 0 };
}

/** What the agent said last tells more than that it ended with some code: of several lines the last one, with the first where there is room. */
function causeOf(message: string): string {
  const lines = message
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [first = ""] = lines;
  const last = lines.at(-1) ?? "";
  return last === first ? first : `${last} (${first})`;
}
