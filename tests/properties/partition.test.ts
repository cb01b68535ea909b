/** What holds for all batches, checked on random problems by rules that share no code with the planner; for few tasks against all batches there are. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { greedyBatches } from "../../src/core/3-batch/batches/greedy-batches.ts";
import { levelBatches } from "../../src/core/3-batch/batches/level-batches.ts";
import { type Partition, timeOf } from "../../src/core/3-batch/batches/partition.ts";
import { planPartition } from "../../src/core/3-batch/plan-partition.ts";
import type { PlanningInput } from "../../src/core/3-batch/problem/planning-input.ts";
import { criticalPathRank } from "../../src/core/3-batch/problem/rank.ts";
import { SearchBudget } from "../../src/core/3-batch/search-budget.ts";
import type { PlanObjective } from "../../src/core/model/execution-plan.ts";
import { rounds } from "../rig/extent.ts";
import { compiled, handedOn, inputs, partitionFaults } from "./problem-inputs.ts";

const RUNS = { numRuns: rounds(25, 60) };
const SYNC = 2_000;
const objectives = fc.constantFrom<PlanObjective>("time", "batches");

function planned(input: PlanningInput, objective: PlanObjective, steps = 20_000) {
  const problem = compiled(input);
  const { partition, optimal } = planPartition(problem, {
    objective,
    sync: SYNC,
    budget: new SearchBudget({ ms: 1, steps }),
  });
  return { partition, optimal, count: partition.length, ms: timeOf(problem, partition, SYNC) };
}

describe("for every problem", () => {
  test("needs, conflicts, locks, pools and slots are kept, and the same problem gives the same batches", () => {
    fc.assert(
      fc.property(inputs({ most: 24 }), objectives, (input, objective) => {
        const { partition } = planned(input, objective);
        expect(partitionFaults(input, partition)).toEqual([]);
        expect(planned(structuredClone(input), objective).partition).toEqual(partition);
      }),
      RUNS,
    );
  });

  test("no task of higher priority is in a later batch than where batches are filled by priority, and more steps never give a worse plan", () => {
    fc.assert(
      fc.property(inputs({ most: 20 }), objectives, (given, objective) => {
        const input = { ...given, tasks: handedOn([...given.tasks]) };
        const problem = compiled(input);
        const filled = greedyBatches(problem, criticalPathRank(problem));
        const [none, more] = [planned(input, objective, 0), planned(input, objective, 5_000)];
        const batchOf = (batches: Partition, task: number) => batches.findIndex((batch) => batch.includes(task));
        const least = Math.min(...input.tasks.map(({ priority = 0 }) => priority));
        const later = input.tasks.filter(({ priority = 0 }, task) => {
          return priority > least && batchOf(more.partition, task) > batchOf(filled, task);
        });
        expect(later).toEqual([]);
        const cost = ({ count, ms }: { count: number; ms: number }) => (objective === "time" ? ms : count);
        expect(cost(more)).toBeLessThanOrEqual(cost(none));
      }),
      RUNS,
    );
  });

  test("no plan is worse than literal levels, and more steps never give a worse one", () => {
    fc.assert(
      fc.property(inputs({ most: 24, even: true }), (input) => {
        const levels = levelBatches(compiled(input));
        const [none, some, more] = [0, 3_000, 20_000].map((steps) => planned(input, "time", steps).ms);
        expect(none).toBeLessThanOrEqual(timeOf(compiled(input), levels, SYNC));
        expect(some).toBeLessThanOrEqual(none ?? 0);
        expect(more).toBeLessThanOrEqual(some ?? 0);
        expect(planned(input, "batches").count).toBeLessThanOrEqual(levels.length);
        expect(planned(input, "batches").count).toBeLessThanOrEqual(planned(input, "time").count);
      }),
      RUNS,
    );
  });

  test("for up to seven tasks what it calls optimal is what trying all batches finds, and with steps enough it is always optimal", () => {
    fc.assert(
      fc.property(inputs({ most: 7, even: true }), objectives, (input, objective) => {
        const { count, ms, optimal } = planned(input, objective, 400_000);
        const best = bestOfAll(input, objective);
        expect({ optimal, count: objective === "time" ? 0 : count, ms }).toEqual({ optimal: true, ...best });
      }),
      RUNS,
    );
  });

  test("for up to twenty tasks without pools the best batches are proven within the steps of 300 ms, and no search finds better ones", () => {
    const without = (input: PlanningInput): PlanningInput => ({
      ...input,
      tasks: input.tasks.map((task) => ({ ...task, pools: {} })),
    });
    fc.assert(
      fc.property(inputs({ most: 20, even: true }).map(without), objectives, (input, objective) => {
        const proven = planned(input, objective, 1_500_000);
        expect(proven.optimal).toBe(true);
        const searched = planned(input, objective, 10_000);
        const costOf = ({ count, ms }: typeof proven): number => (objective === "time" ? ms : count);
        expect(costOf(searched)).toBeGreaterThanOrEqual(costOf(proven));
      }),
      { numRuns: 25, seed: 2_025 },
    );
  });
});

/** The least cost of doing all tasks in any batches whatever, by trying every set of tasks as the next batch. */
function bestOfAll(input: PlanningInput, objective: PlanObjective): { count: number; ms: number } {
  const size = input.tasks.length;
  const price = objective === "time" ? 0 : 10 ** 9;
  const known = new Map<number, number>([[2 ** size - 1, 0]]);
  const cost = (done: number): number => {
    const before = known.get(done);
    if (before !== undefined) return before;
    let least = Infinity;
    for (let batch = 1; batch < 2 ** size; batch++) {
      if ((batch & done) !== 0 || !isSound(input, batch, done)) continue;
      const longest = Math.max(...members(batch, size).map((task) => input.tasks[task]?.duration_ms ?? 0));
      least = Math.min(least, longest + SYNC + price + cost(done | batch));
    }
    known.set(done, least);
    return least;
  };
  const total = cost(0);
  return { count: Math.floor(total / 10 ** 9), ms: total % 10 ** 9 };
}

function members(bits: number, size: number): number[] {
  return Array.from({ length: size }, (_, task) => task).filter((task) => (bits & (1 << task)) !== 0);
}

/** Whether the batch breaks no rule of its own and what its tasks need is done. */
function isSound(input: PlanningInput, batch: number, done: number): boolean {
  const size = input.tasks.length;
  const ids = new Set(members(batch, size).map((task) => `t${task}`));
  const finished = new Set(members(done, size).map((task) => `t${task}`));
  const chosen = members(batch, size);
  if (!chosen.every((task) => input.tasks[task]?.needs.every((need) => finished.has(need)))) return false;
  const tasks = chosen.flatMap((task) => input.tasks[task] ?? []);
  const renamed = new Map(tasks.map((task, place) => [task.id, `t${place}`]));
  const rename = (list: readonly string[]): string[] => list.flatMap((id) => renamed.get(id) ?? []);
  const part: PlanningInput = {
    ...input,
    tasks: tasks.map((task, place) => ({ ...task, id: `t${place}`, needs: [] })),
    conflicts: input.conflicts.flatMap(([a, b]) => {
      const [one, other] = [renamed.get(a), renamed.get(b)];
      return one !== undefined && other !== undefined && ids.has(a) && ids.has(b) ? [[one, other] as const] : [];
    }),
    locks: Object.fromEntries(Object.entries(input.locks).map(([lock, held]) => [lock, rename(held)])),
  };
  return partitionFaults(part, [chosen.map((_, place) => place)]).length === 0;
}
