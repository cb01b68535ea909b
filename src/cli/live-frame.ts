/** One frame of the live view: what matters now, in as many rows and columns as the window has. */
import { formatDuration } from "../core/model/duration.ts";
import { cutAt, cutMiddle, pad } from "./cut-text.ts";
import { plain } from "./output.ts";

export type TaskState = "waiting" | "running" | "success" | "failed" | "skipped";

export interface TaskLine {
  id: string;
  state: TaskState;
  attempt: number;
  /** milliseconds since 1970; 0 while it has not begun, or not ended */
  started: number;
  ended: number;
  /** why it failed, what it waits for, or what its agent said last */
  note: string;
  tokens: number;
}

export interface Frame {
  tasks: TaskLine[];
  /** what happened last */
  last: string;
  /** estimated milliseconds from the start to the end of the run */
  expected_ms: number;
  started: number;
}

export interface Window {
  columns: number;
  rows: number;
  now: number;
}

/** A row as it is drawn: its text has no colour yet. */
export interface Row {
  state: TaskState | "count" | "last";
  text: string;
}

const MARKS: Record<TaskState, string> = { waiting: "·", running: "▶", success: "✔", failed: "✘", skipped: "–" };
/** What needs an eye comes first. */
const ORDER: TaskState[] = ["running", "failed", "waiting", "skipped", "success"];
const TIME = 8;
/** Below it a window shows nothing useful; the rows are cut by the terminal then. */
const NARROWEST = 20;

/** Rows of at most `columns` columns, at most `rows - 1` of them: what is left out is in the count. */
export function frameOf(frame: Frame, window: Window): Row[] {
  const columns = Math.max(NARROWEST, window.columns) - 1;
  const room = Math.max(2, window.rows - 1);
  const ordered = ORDER.flatMap((state) => frame.tasks.filter((task) => task.state === state));
  const hasLast = room >= 6 && frame.last !== "";
  const space = room - 1 - (hasLast ? 1 : 0);
  const shown = ordered.length <= space ? ordered : ordered.slice(0, Math.max(1, space - 1));
  const hidden = ordered.slice(shown.length);
  const name = Math.min(Math.max(...shown.map(({ id }) => id.length), 0), Math.max(8, Math.floor(columns * 0.4)));
  return [
    ...shown.map((task): Row => ({ state: task.state, text: taskText(task, { name, columns, now: window.now }) })),
    ...(hidden.length === 0 ? [] : [{ state: "count" as const, text: cutAt(hiddenText(hidden), columns) }]),
    { state: "count", text: cutAt(countText(frame, window.now), columns) },
    ...(hasLast ? [{ state: "last" as const, text: cutAt(oneLine(frame.last), columns) }] : []),
  ];
}

function taskText(task: TaskLine, { name, columns, now }: { name: number; columns: number; now: number }): string {
  const time = task.started === 0 ? "" : formatDuration((task.ended || now) - task.started);
  const head = `${MARKS[task.state]} ${pad(cutMiddle(task.id, name), name)} ${time.padStart(TIME)}`;
  const attempt = task.attempt > 1 && task.state !== "waiting" ? `attempt ${task.attempt} ` : "";
  const tokens = task.tokens === 0 ? "" : `${thousands(task.tokens)} tokens `;
  return cutAt(`${head}  ${attempt}${tokens}${oneLine(task.note)}`.trimEnd(), columns);
}

/** The last line of a failure says more than the first, which names the exit code. */
function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, " ").trim();
}

function hiddenText(hidden: TaskLine[]): string {
  const parts = ORDER.flatMap((state) => {
    const count = hidden.filter((task) => task.state === state).length;
    return count === 0 ? [] : [`${count} ${WORDS[state]}`];
  });
  return `… and ${parts.join(", ")}`;
}

const WORDS: Record<TaskState, string> = {
  waiting: "waiting",
  running: "running",
  success: "done",
  failed: "failed",
  skipped: "skipped",
};

function countText({ tasks, expected_ms, started }: Frame, now: number): string {
  const count = (state: TaskState): number => tasks.filter((task) => task.state === state).length;
  const ended = count("success") + count("failed") + count("skipped");
  const left = ended === tasks.length ? 0 : Math.max(0, expected_ms - (now - started));
  return [
    `${ended} of ${tasks.length}`,
    ...(count("running") === 0 ? [] : [`${count("running")} running`]),
    ...(count("failed") === 0 ? [] : [`${count("failed")} failed`]),
    ...(count("skipped") === 0 ? [] : [`${count("skipped")} skipped`]),
    `${formatDuration(now - started)} so far`,
    ...(left === 0 ? [] : [`about ${formatDuration(left)} left`]),
  ].join(" · ");
}

function thousands(count: number): string {
  return count < 1_000 ? String(count) : `${Math.round(count / 1_000)}k`;
}
