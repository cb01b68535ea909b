/** What holds for every streaming schedule, checked on random problems by rules that share no code with the planner. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bound, lowerBound } from "../../src/core/3-batch/certificate/lower-bound.ts";
import { planStream } from "../../src/core/3-batch/plan-stream.ts";
import { mutexGroups } from "../../src/core/3-batch/problem/mutex-groups.ts";
import type { PlanningInput } from "../../src/core/3-batch/problem/planning-input.ts";
import { SearchBudget } from "../../src/core/3-batch/search-budget.ts";
import { assignSlots } from "../../src/core/3-batch/streaming/assign-slots.ts";
import { makespan } from "../../src/core/3-batch/streaming/makespan.ts";
import { rounds } from "../rig/extent.ts";
import { compiled, handedOn, inputs, scheduleFaults } from "./problem-inputs.ts";

const RUNS = { numRuns: rounds(30, 80) };
const STEPS = 15_000;

function planned(input: PlanningInput, steps = STEPS): { start: Float64Array; ms: number; bound: Bound } {
  const problem = compiled(input);
  const mutexes = mutexGroups(problem);
  const bound = lowerBound(problem, mutexes, new SearchBudget({ ms: 1, steps: STEPS }));
  const start = planStream(problem, { bound, mutexes, budget: new SearchBudget({ ms: 1, steps }) });
  return { start, ms: makespan(problem, start), bound };
}

describe("for every problem", () => {
  test("needs, releases, conflicts, locks, pools and slots are kept, also in the middle of a run", () => {
    fc.assert(
      fc.property(inputs({ most: 14, midway: true }), (input) => {
        expect(scheduleFaults(input, planned(input).start)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("the same problem gives the same schedule, and more steps never a longer one", () => {
    fc.assert(
      fc.property(inputs({ most: 12 }), (input) => {
        const [none, some, more] = [0, 2_000, STEPS].map((steps) => planned(input, steps).ms);
        expect(some).toBeLessThanOrEqual(none ?? 0);
        expect(more).toBeLessThanOrEqual(some ?? 0);
        expect(planned(structuredClone(input)).start).toEqual(planned(input).start);
      }),
      RUNS,
    );
  });

  test("no schedule is shorter than the bound, not even the shortest of all", () => {
    fc.assert(
      fc.property(inputs({ most: 6 }), (input) => {
        const { ms, bound } = planned(input);
        const shortest = shortestOfAll(input);
        expect(bound.ms).toBeLessThanOrEqual(shortest);
        expect(ms).toBeGreaterThanOrEqual(shortest);
      }),
      RUNS,
    );
  });

  test("of two tasks that could start the one of higher priority does, and no search lets it wait longer", () => {
    fc.assert(
      fc.property(inputs({ most: 12 }), (given) => {
        const longer = given.tasks.map((task) => ({ ...task, duration_ms: task.duration_ms + 1 }));
        const input = { ...given, tasks: handedOn(longer) };
        const [listed, searched] = [planned(input, 0).start, planned(input).start];
        const least = Math.min(...input.tasks.map(({ priority = 0 }) => priority));
        const raised = [...input.tasks.keys()].filter((task) => (input.tasks[task]?.priority ?? 0) > least);
        expect(raised.filter((task) => (searched[task] ?? 0) > (listed[task] ?? 0))).toEqual([]);
        expect(raised.filter((task) => isPassedOver(input, listed, task))).toEqual([]);
      }),
      RUNS,
    );
  });

  test("on four tasks the search finds the shortest schedule there is", () => {
    fc.assert(
      fc.property(inputs({ most: 4, even: true }), (input) => {
        expect(planned(input, 200_000).ms).toEqual(shortestOfAll(input));
      }),
      { ...RUNS, seed: 2_025 },
    );
  });

  test("no slot is given to two tasks at once, and none is opened that is not needed", () => {
    fc.assert(
      fc.property(inputs({ most: 14, midway: true }), (input) => {
        const { start } = planned(input, 0);
        const slots = assignSlots(compiled(input), start);
        const entries = input.tasks.map((task, place) => {
          const begin = start[place] ?? 0;
          return { slot: slots[place] ?? 0, begin, end: begin + task.duration_ms };
        });
        const clashes = entries.filter((a) =>
          entries.some((b) => a !== b && a.slot === b.slot && a.begin < b.end && b.begin < a.end),
        );
        expect(clashes).toEqual([]);
        expect(Math.min(...slots)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...slots)).toBeLessThanOrEqual(input.max_parallel);
      }),
      RUNS,
    );
  });
});

/** Whether some task of less priority started at a moment at which `task` could have, beside what ran then and what came before it. */
function isPassedOver(input: PlanningInput, start: Float64Array, task: number): boolean {
  const priorityOf = (other: number): number => input.tasks[other]?.priority ?? 0;
  const all = [...input.tasks.keys()];
  const lower = all.filter((other) => priorityOf(other) < priorityOf(task));
  return lower.some((other) => {
    const moment = start[other] ?? 0;
    if (moment >= (start[task] ?? 0)) return false;
    const placed = all.filter((one) => {
      return (start[one] ?? 0) < moment || (start[one] === moment && priorityOf(one) >= priorityOf(task));
    });
    return isFree(input, start, { task, moment, placed });
  });
}

/** The shortest schedule, by trying every order of the tasks, each as early as the ones before it allow. */
function shortestOfAll(input: PlanningInput): number {
  let shortest = Infinity;
  const start = new Float64Array(input.tasks.length).fill(Number.NaN);
  const place = (left: number[], latest: number): void => {
    if (latest >= shortest) return;
    if (left.length === 0) shortest = latest;
    for (const task of left) {
      const begin = earliest(input, start, task);
      if (begin === undefined) continue;
      start[task] = begin;
      place(
        left.filter((other) => other !== task),
        Math.max(latest, begin + (input.tasks[task]?.duration_ms ?? 0)),
      );
      start[task] = Number.NaN;
    }
  };
  place([...input.tasks.keys()], 0);
  return shortest;
}

/** The first moment, among 0 and the ends of what is placed, at which `task` breaks no rule; undefined before its needs are placed. */
function earliest(input: PlanningInput, start: Float64Array, task: number): number | undefined {
  const placed = [...input.tasks.keys()].filter((other) => !Number.isNaN(start[other]));
  const moments = [0, ...placed.map((other) => (start[other] ?? 0) + (input.tasks[other]?.duration_ms ?? 0))];
  return moments.sort((a, b) => a - b).find((moment) => isFree(input, start, { task, moment, placed }));
}

/** Whether `task` can start at `moment` beside the tasks that are placed; not before all it needs is. */
function isFree(
  input: PlanningInput,
  start: Float64Array,
  { task, moment, placed }: { task: number; moment: number; placed: number[] },
): boolean {
  const chosen = [...placed, task];
  const ids = new Set(chosen.map((other) => input.tasks[other]?.id));
  if (input.tasks[task]?.needs.some((need) => !ids.has(need))) return false;
  const part: PlanningInput = {
    ...input,
    tasks: chosen.flatMap((other) => input.tasks[other] ?? []),
    conflicts: input.conflicts.filter((pair) => pair.every((id) => ids.has(id))),
    locks: Object.fromEntries(
      Object.entries(input.locks).map(([lock, held]) => [lock, held.filter((id) => ids.has(id))]),
    ),
  };
  const begins = Float64Array.from(chosen, (other) => (other === task ? moment : (start[other] ?? 0)));
  return scheduleFaults(part, begins).length === 0;
}
