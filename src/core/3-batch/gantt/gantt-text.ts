/** A plan's chart for a terminal: a line per task, its time as a bar, the critical chain in full blocks. */
import { formatDuration } from "../../model/duration.ts";
import { type Chart, ticks } from "./chart.ts";

const MOST_LINES = 60;
const MARK_WIDTH = 10;

/** `width` is that of the time axis, in characters. */
export function ganttText({ bars, end_ms }: Chart, width: number): string {
  if (bars.length === 0) return "";
  const label = Math.max(...bars.map((bar) => bar.id.length));
  const column = (ms: number): number => Math.round((ms / Math.max(1, end_ms)) * width);
  const rows = bars.slice(0, MOST_LINES).map(({ id, start_ms, end_ms: end, critical }) => {
    const from = Math.min(column(start_ms), width - 1);
    const length = Math.max(1, column(end) - from);
    const bar = (critical ? "█" : "▒").repeat(length);
    return `${id.padEnd(label)} │${" ".repeat(from)}${bar}${" ".repeat(width - from - length)}│ ${formatDuration(end - start_ms)}`;
  });
  const more = bars.length > MOST_LINES ? [`${"".padEnd(label)}  … and ${bars.length - MOST_LINES} more`] : [];
  return [...rows, ...more, `${"".padEnd(label)} └${axis(end_ms, width, column)}`].join("\n");
}

function axis(end_ms: number, width: number, column: (ms: number) => number): string {
  const line = Array.from({ length: width }, () => "─");
  let free = 0;
  for (const ms of ticks(end_ms, Math.max(1, Math.floor(width / MARK_WIDTH)))) {
    const text = `${ms === 0 ? "0" : formatDuration(ms)} `;
    const from = column(ms);
    if (from < free || from + text.length > width) continue;
    for (const [index, letter] of [...text].entries()) line[from + index] = letter;
    free = from + text.length;
  }
  return line.join("");
}
