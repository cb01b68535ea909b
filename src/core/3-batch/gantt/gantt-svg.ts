/** A plan's chart as an SVG picture: a row per slot, a bar per task, a line at each sync point; readable on light and dark ground. */
import { formatDuration } from "../../model/duration.ts";
import { type Bar, type Chart, ticks } from "./chart.ts";

const WIDTH = 1_000;
const LEFT = 64;
const RIGHT = 40;
const TOP = 44;
const ROW = 34;
const BAR = 24;
const AXIS = 30;
const LEGEND = 26;
/** Of a name in a bar, and of text with nothing around it, where a wide letter must not touch what comes next. */
const LETTER = 6.6;
const WIDE_LETTER = 7;
const TICK_WIDTH = 90;

type Scale = (ms: number) => number;

export function ganttSvg(chart: Chart, title: string): string {
  const bottom = TOP + chart.slots * ROW;
  const height = bottom + AXIS + LEGEND;
  const perMs = (WIDTH - LEFT - RIGHT) / Math.max(1, chart.end_ms);
  const x: Scale = (ms) => rounded(LEFT + ms * perMs);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="24">${escaped(title)}</text>`,
    ...slotLines(chart),
    ...timeLines(chart, { x, bottom }),
    ...chart.bars.flatMap((bar) => barOf(bar, x, roomAfter(bar, chart, x))),
    ...legend(chart, bottom + AXIS + 4),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 14px; }
  .ground { fill: #ffffff; } .rule { stroke: #d0d7de; } .sync { stroke: #8250df; stroke-dasharray: 4 3; }
  .task { fill: #a5c8f0; stroke: #5b8fc9; } .critical { fill: #f5b78a; stroke: #d1743a; } .lock { fill: #57606a; } .inside { fill: #1b1f24; }
  .beside { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .ground { fill: #0d1117; } .rule { stroke: #30363d; } .sync { stroke: #a371f7; } .beside { stroke: #0d1117; } .inside { fill: #1b1f24; } }
</style>`;

function slotLines({ slots }: Chart): string[] {
  return Array.from({ length: slots }, (_, slot) => {
    const y = TOP + slot * ROW;
    return `<text x="8" y="${y + ROW / 2 + 4}">slot ${slot + 1}</text><line class="rule" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y + ROW}" y2="${y + ROW}"/>`;
  });
}

function timeLines(chart: Chart, { x, bottom }: { x: Scale; bottom: number }): string[] {
  const marks = ticks(chart.end_ms, Math.floor((WIDTH - LEFT - RIGHT) / TICK_WIDTH)).map((ms) => {
    const text = ms === 0 ? "0" : formatDuration(ms);
    return `<line class="rule" x1="${x(ms)}" x2="${x(ms)}" y1="${TOP}" y2="${bottom}"/><text text-anchor="middle" x="${x(ms)}" y="${bottom + 18}">${text}</text>`;
  });
  const syncs = chart.sync_points.map(
    (ms) =>
      `<line class="sync" x1="${x(ms)}" x2="${x(ms)}" y1="${TOP}" y2="${bottom}"><title>sync point at ${formatDuration(ms)}</title></line>`,
  );
  return [...marks, ...syncs];
}

/** Free width behind a bar, up to the next one in its slot. */
function roomAfter({ slot, end_ms }: Bar, { bars, end_ms: last }: Chart, x: Scale): number {
  const next = bars.reduce((first, bar) => {
    return bar.slot === slot && bar.start_ms >= end_ms ? Math.min(first, bar.start_ms) : first;
  }, last);
  return x(next) - x(end_ms);
}

function barOf(bar: Bar, x: Scale, room: number): string[] {
  const [left, width] = [x(bar.start_ms), rounded(Math.max(2, x(bar.end_ms) - x(bar.start_ms) - 1))];
  const y = TOP + (bar.slot - 1) * ROW + (ROW - BAR) / 2;
  return [
    `<rect class="${bar.critical ? "critical" : "task"}" x="${left}" y="${y}" width="${width}" height="${BAR}" rx="3"><title>${escaped(about(bar))}</title></rect>`,
    ...(bar.locks.length === 0
      ? []
      : [`<rect class="lock" x="${left}" y="${y + BAR - 3}" width="${width}" height="3"/>`]),
    ...nameOf(bar.id, { left, width, room, y: y + 16 }),
  ];
}

function about({ id, start_ms, end_ms, critical, locks }: Bar): string {
  const held = locks.length === 0 ? "" : `, ${locks.length === 1 ? "lock" : "locks"} ${locks.join(", ")}`;
  const times = `${formatDuration(end_ms - start_ms)}, from ${formatDuration(start_ms)}`;
  return `${id}: ${times}${critical ? ", critical path" : ""}${held}`;
}

/** In the bar, or where it is too short for it behind the bar; cut where there is no room either. */
function nameOf(
  id: string,
  { left, width, room, y }: { left: number; width: number; room: number; y: number },
): string[] {
  const inside = Math.floor((width - 8) / LETTER);
  if (id.length > inside && id.length <= Math.floor((room - 8) / WIDE_LETTER)) {
    return [`<text class="beside" x="${rounded(left + width + 5)}" y="${y}">${escaped(id)}</text>`];
  }
  const name = id.length <= inside ? id : inside < 3 ? "" : `${id.slice(0, inside - 1)}…`;
  return name === "" ? [] : [`<text class="inside" x="${rounded(left + 4)}" y="${y}">${escaped(name)}</text>`];
}

/** Legend of the colours and lines that are in the picture. */
function legend({ bars, sync_points }: Chart, y: number): string[] {
  const swatch = (kind: string) => (x: number) =>
    `<rect class="${kind}" x="${x}" y="${y}" width="14" height="12" rx="2"/>`;
  const entries = [
    { text: "critical path", isShown: bars.some((bar) => bar.critical), draw: swatch("critical") },
    { text: "other tasks", isShown: bars.some((bar) => !bar.critical), draw: swatch("task") },
    {
      text: "holds a lock",
      isShown: bars.some((bar) => bar.locks.length > 0),
      draw: (x: number) => `<rect class="lock" x="${x}" y="${y + 9}" width="14" height="3"/>`,
    },
    {
      text: "sync point",
      isShown: sync_points.length > 0,
      draw: (x: number) => `<line class="sync" x1="${x + 7}" x2="${x + 7}" y1="${y - 1}" y2="${y + 13}"/>`,
    },
  ];
  let x = LEFT;
  return entries
    .filter(({ isShown }) => isShown)
    .map(({ text, draw }) => {
      const at = x;
      x += 14 + 6 + text.length * WIDE_LETTER + 18;
      return `${draw(at)}<text x="${at + 20}" y="${y + 10}">${text}</text>`;
    });
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
