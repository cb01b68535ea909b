/** The next free batch, against a look at every number; and a lock that everybody holds, which made such looks quadratic. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchRoom } from "../../../src/core/3-batch/batches/batch-room.ts";
import { TakenNumbers } from "../../../src/core/3-batch/batches/taken-numbers.ts";
import { compiled } from "../../properties/problem-inputs.ts";

test("the next free number is the one that looking at each finds", () => {
  const steps = fc.array(fc.record({ take: fc.nat(30), from: fc.nat(40) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (asked) => {
      const [numbers, taken] = [new TakenNumbers(), new Set<number>()];
      for (const { take, from } of asked) {
        numbers.take(take);
        taken.add(take);
        let free = from;
        while (taken.has(free)) free++;
        expect([numbers.freeFrom(from), numbers.has(from)]).toEqual([free, taken.has(from)]);
      }
    }),
    { numRuns: 200 },
  );
});

test("twenty thousand tasks behind one lock are put into as many batches in less than a second of processor time", () => {
  const tasks = Array.from({ length: 20_000 }, (_, place) => ({ id: `t${place}`, duration_ms: 1_000, needs: [] }));
  const locks = { "the-one": tasks.map((task) => task.id) };
  const room = new BatchRoom(compiled({ tasks, conflicts: [], locks, pools: {}, max_parallel: 5 }));
  const began = process.cpuUsage();
  for (const task of tasks.keys()) room.put(task, room.firstFor(task, 0));
  const { user, system } = process.cpuUsage(began);
  expect([...room.places]).toEqual([...tasks.keys()]);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
