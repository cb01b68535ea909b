/** The order of a stream: dependencies kept, places kept as far as they allow, conflicts turned one way, the same again when tasks come. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterStarted, ancestors, predecessors, streamOrder } from "../../../src/core/3-batch/stream-order.ts";

interface Graph {
  ids: string[];
  tasks: Record<string, string[]>;
  conflicts: [string, string][];
  places: Map<string, number>;
}

/** Random tasks: each may need any earlier one, any two may conflict, each has a place of its own. */
const graphs: fc.Arbitrary<Graph> = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.record({
      needs: fc.array(fc.boolean(), { minLength: size * size, maxLength: size * size }),
      apart: fc.array(fc.boolean(), { minLength: size * size, maxLength: size * size }),
      places: fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
    }),
  )
  .map(({ needs, apart, places }) => {
    const ids = places.map((_, index) => `t${index}`);
    const below = (flags: boolean[], index: number): string[] =>
      ids.slice(0, index).filter((_, other) => flags[index * ids.length + other] === true);
    return {
      ids,
      tasks: Object.fromEntries(ids.map((id, index) => [id, below(needs, index)])),
      conflicts: ids.flatMap((id, index) => below(apart, index).map((other): [string, string] => [other, id])),
      places: new Map(ids.map((id, index) => [id, places[index] ?? 0])),
    };
  });

test("every task comes after what it needs, and no task is before one of lower place without a reason", () => {
  fc.assert(
    fc.property(graphs, ({ ids, tasks, conflicts, places }) => {
      const order = streamOrder(ids, { tasks, conflicts }, places);
      expect([...order].sort()).toEqual([...ids].sort());
      for (const [index, id] of order.entries()) {
        const done = new Set(order.slice(0, index));
        expect((tasks[id] ?? []).every((needed) => done.has(needed))).toBe(true);
        const free = order.slice(index).filter((other) => (tasks[other] ?? []).every((needed) => done.has(needed)));
        expect(Math.min(...free.map((other) => places.get(other) ?? 0))).toBe(places.get(id));
      }
    }),
    { numRuns: 100 },
  );
});

test("of two tasks that conflict one is before the other, and whatever is before a task is earlier in the order", () => {
  fc.assert(
    fc.property(graphs, ({ ids, tasks, conflicts, places }) => {
      const order = streamOrder(ids, { tasks, conflicts }, places);
      const before = predecessors(order, { tasks, conflicts });
      for (const [a, b] of conflicts) {
        expect([before.get(a)?.includes(b), before.get(b)?.includes(a)].filter(Boolean)).toHaveLength(1);
      }
      for (const id of ids) {
        const all = ancestors(id, before);
        expect([...all].every((other) => order.indexOf(other) < order.indexOf(id))).toBe(true);
        expect((tasks[id] ?? []).every((needed) => all.has(needed))).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test("what is known keeps its order when tasks come, but where a known task now waits for one that was behind", () => {
  fc.assert(
    fc.property(graphs, fc.shuffledSubarray([...Array(12).keys()]), ({ ids, tasks, conflicts, places }, chosen) => {
      const known = ids.filter((_, index) => chosen.includes(index));
      const kept = (id: string): string[] => (tasks[id] ?? []).filter((need) => known.includes(need));
      const before = { tasks: Object.fromEntries(known.map((id) => [id, kept(id)])), conflicts: [] };
      const then = streamOrder(known, before, places);
      const placeThen = new Map(then.map((id, place) => [id, place]));
      const now = streamOrder(ids, { tasks, conflicts }, placeThen);
      const needs = new Map(Object.entries(tasks));
      for (const [place, one] of then.entries()) {
        for (const other of then.slice(place + 1)) {
          if (now.indexOf(one) < now.indexOf(other)) continue;
          const reasons = [...ancestors(one, needs)].filter((id) => (placeThen.get(id) ?? -1) > place);
          expect(reasons.some((id) => (placeThen.get(id) ?? -1) >= (placeThen.get(other) ?? 0))).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("a new task that conflicts with one that has started comes after it, wherever else it would", () => {
  const graph = { tasks: { a: [], b: ["new"], c: [], new: [] }, conflicts: [["c", "new"] as [string, string]] };
  const places = new Map([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
  const ids = ["a", "b", "c", "new"];
  expect(streamOrder(ids, graph, places)).toEqual(["a", "new", "b", "c"]);
  const started = new Set(["a", "c"]);
  expect(streamOrder(ids, afterStarted(graph, started, places), places)).toEqual(["a", "c", "new", "b"]);
});

test("a circle is a mistake of the caller", () => {
  expect(() => streamOrder(["a", "b"], { tasks: { a: ["b"], b: ["a"] }, conflicts: [] }, new Map())).toThrow("a, b");
});
