/** The plan drawn: for a terminal, as SVG and as Mermaid; same plan, same text, and nothing in it that a viewer would take for markup. */
import { expect, test } from "vitest";
import { chartOf, ticks } from "../../../../src/core/3-batch/gantt/chart.ts";
import { ganttText } from "../../../../src/core/3-batch/gantt/gantt-text.ts";
import { planPicture } from "../../../../src/core/3-batch/gantt/plan-picture.ts";
import { chain, graphOf, listOf, planOf } from "../../sample-plan.ts";

const LIST = chain({ a: [], b: [], c: ["a"] });
const PLAN = planOf(LIST);
const GRAPH = graphOf(LIST);

test("a terminal shows a bar per task where it lies in time, the critical chain full", () => {
  expect(ganttText(chartOf(PLAN, GRAPH), 40).split("\n")).toEqual([
    "a │████████████████████                    │ 10min",
    "b │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒                    │ 10min",
    "c │                    ████████████████████│ 10min",
    "  └0 ──────────────────10min ──────────────",
  ]);
});

test("every bar is inside the axis, however short and however many, and what does not fit is counted", () => {
  const many = chain(Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`t${index}`, []])), "1s");
  const lines = ganttText(chartOf(planOf(many), graphOf(many)), 20).split("\n");
  expect(lines).toHaveLength(62);
  expect(lines.at(-2)).toContain("… and 30 more");
  for (const line of lines.slice(0, 60)) expect(line).toMatch(/^t\d+ *│[ ▒█]{20}│ 1s$/);
  expect(ganttText({ bars: [], sync_points: [], slots: 1, end_ms: 0 }, 20)).toBe("");
});

test("SVG has a bar per task in the row of its slot, a line per sync point, and no markup from names", () => {
  const svg = planPicture(PLAN, GRAPH, "svg");
  expect(svg).toBe(planPicture(PLAN, GRAPH, "svg"));
  const bars = [...svg.matchAll(/<rect class="(critical|task)" x="([\d.]+)" y="([\d.]+)" .*<title>(\w+):/g)];
  expect(bars.map(([, kind, , , id]) => [id, kind])).toEqual([
    ["a", "critical"],
    ["b", "task"],
    ["c", "critical"],
  ]);
  expect(new Set(bars.map(([, , , y]) => y)).size).toBe(2);
  expect(svg.match(/class="sync".*<title>/g)).toHaveLength(1);
  const odd = { ...PLAN, estimated_parallel_time: '<script>"&' };
  expect(planPicture(odd, GRAPH, "svg")).not.toContain("<script>");
});

test("SVG says what its colours mean, marks who holds a lock, and writes names behind bars that are too short for them", () => {
  const list = listOf([
    { id: "long", description: "Change it", files: ["a.ts"], estimated: "30min", locks: ["database"] },
    { id: "after-long", description: "Change it", files: ["b.ts"], estimated: "30min", depends_on: ["long"] },
    { id: "a-name-longer-than-its-bar", description: "Change it", files: ["c.ts"], estimated: "1min" },
  ]);
  const svg = planPicture(planOf(list, 2, { mode: "streaming" }), graphOf(list), "svg");
  expect(svg).toContain("<title>long: 30min, from 0s, critical path, lock database</title>");
  expect(svg.match(/<rect class="lock"/g)).toHaveLength(2);
  const legend = [...svg.matchAll(/<text x="[\d.]+" y="[\d.]+">(critical path|other tasks|holds a lock|sync point)</g)];
  expect(legend.map(([, text]) => text)).toEqual(["critical path", "other tasks", "holds a lock"]);
  const name = /<text class="beside" x="([\d.]+)" y="[\d.]+">a-name-longer-than-its-bar</.exec(svg);
  expect(Number(name?.[1])).toBeGreaterThan(64 + 15);
  expect(planPicture(PLAN, GRAPH, "svg")).toContain(">sync point</text>");
});

test("Mermaid has a section per batch and times of one day", () => {
  expect(planPicture(PLAN, GRAPH, "mermaid").split("\n").slice(4)).toEqual([
    "  section Batch 1",
    "  task a :crit, 2000-01-01 00:00:00, 2000-01-01 00:10:00",
    "  task b :2000-01-01 00:00:00, 2000-01-01 00:10:00",
    "  section Batch 2",
    "  task c :crit, 2000-01-01 00:10:02, 2000-01-01 00:20:02",
    "",
  ]);
});

test("marks on the time axis are round, and never more than fit", () => {
  expect(ticks(600_000, 5)).toEqual([0, 120_000, 240_000, 360_000, 480_000, 600_000]);
  for (const end of [0, 1, 999, 60_000, 7 * 24 * 3_600_000, 400 * 24 * 3_600_000]) {
    for (const most of [1, 4, 9]) expect(ticks(end, most).length).toBeLessThanOrEqual(most + 1);
  }
});
