/** A plan's chart as an SVG picture: a row per slot, a bar per task, a line at each sync point; readable on light and dark ground. */
import { formatDuration } from "../../model/duration.ts";
import { type Bar, type Chart, ticks } from "./chart.ts";

const WIDTH = 1_000;
const LEFT = 64;
const RIGHT = 40;
const TOP = 44;
const ROW = 34;
const BAR = 24;
const LETTER = 6.6;
const TICK_WIDTH = 90;

export function ganttSvg(chart: Chart, title: string): string {
  const height = TOP + chart.slots * ROW + 30;
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(1, chart.end_ms);
  const x = (ms: number): number => rounded(LEFT + ms * scale);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="24">${escaped(title)}</text>`,
    ...slotLines(chart),
    ...timeLines(chart, { x, bottom: TOP + chart.slots * ROW }),
    ...chart.bars.flatMap((bar) => barOf(bar, x)),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 14px; }
  .ground { fill: #ffffff; } .rule { stroke: #d0d7de; } .sync { stroke: #8250df; stroke-dasharray: 4 3; }
  .task { fill: #a5c8f0; stroke: #5b8fc9; } .critical { fill: #f5b78a; stroke: #d1743a; } .name { fill: #1b1f24; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .ground { fill: #0d1117; } .rule { stroke: #30363d; } .name { fill: #1b1f24; } }
</style>`;

function slotLines({ slots }: Chart): string[] {
  return Array.from({ length: slots }, (_, slot) => {
    const y = TOP + slot * ROW;
    return `<text x="8" y="${y + ROW / 2 + 4}">slot ${slot + 1}</text><line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y + ROW}" y2="${y + ROW}"/>`;
  });
}

function timeLines(chart: Chart, { x, bottom }: { x: (ms: number) => number; bottom: number }): string[] {
  const marks = ticks(chart.end_ms, Math.floor((WIDTH - LEFT - RIGHT) / TICK_WIDTH)).map((ms) => {
    const text = ms === 0 ? "0" : formatDuration(ms);
    return `<line class="rule" x1="${x(ms)}" x2="${x(ms)}" y1="${TOP}" y2="${bottom}"/><text x="${x(ms)}" y="${bottom + 18}">${text}</text>`;
  });
  const syncs = chart.sync_points.map(
    (ms) =>
      `<line class="sync" x1="${x(ms)}" x2="${x(ms)}" y1="${TOP}" y2="${bottom}"><title>sync point at ${formatDuration(ms)}</title></line>`,
  );
  return [...marks, ...syncs];
}

function barOf({ id, slot, start_ms, end_ms, critical }: Bar, x: (ms: number) => number): string[] {
  const [left, width] = [x(start_ms), rounded(Math.max(2, x(end_ms) - x(start_ms) - 1))];
  const y = TOP + (slot - 1) * ROW + (ROW - BAR) / 2;
  const room = Math.floor((width - 8) / LETTER);
  const name = id.length <= room ? id : room < 3 ? "" : `${id.slice(0, room - 1)}…`;
  const about = `${id}: ${formatDuration(end_ms - start_ms)}, from ${formatDuration(start_ms)}${critical ? ", critical path" : ""}`;
  return [
    `<rect class="${critical ? "critical" : "task"}" x="${left}" y="${y}" width="${width}" height="${BAR}" rx="3"><title>${escaped(about)}</title></rect>`,
    ...(name === "" ? [] : [`<text class="name" x="${rounded(left + 4)}" y="${y + 16}">${escaped(name)}</text>`]),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
