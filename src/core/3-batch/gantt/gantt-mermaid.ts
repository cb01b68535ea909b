/** A plan's chart as Mermaid text, which chats and Markdown viewers draw. */
import type { Bar, Chart } from "./chart.ts";

/** Mermaid wants a date: the run begins at midnight of this one, in whatever time zone it is looked at. */
const DAY = "2000-01-01";
const DAY_MS = 24 * 3_600_000;

export function ganttMermaid(chart: Chart): string {
  const batches = [...new Set(chart.bars.map((bar) => bar.batch))].sort((a, b) => a - b);
  const name = (batch: number): string => (batches.length === 1 ? "Tasks" : `Batch ${batch}`);
  const sections = batches.flatMap((batch) => [
    `  section ${name(batch)}`,
    ...chart.bars.filter((bar) => bar.batch === batch).map(line),
  ]);
  const head = ["gantt", "  title Execution plan", "  dateFormat YYYY-MM-DD HH:mm:ss", "  axisFormat %H:%M"];
  return `${[...head, ...sections].join("\n")}\n`;
}

/** Task ids have no character that means something to Mermaid; `end` and the like are words of its own, so every name has a prefix. */
function line({ id, start_ms, end_ms, critical }: Bar): string {
  return `  task ${id} :${critical ? "crit, " : ""}${moment(start_ms)}, ${moment(end_ms)}`;
}

function moment(ms: number): string {
  const [date = DAY, time = ""] = new Date(Date.parse(`${DAY}T00:00:00Z`) + Math.min(ms, 365 * DAY_MS))
    .toISOString()
    .split("T");
  return `${date} ${time.slice(0, 8)}`;
}
