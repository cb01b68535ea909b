/** Which tasks start side by side: never more than the slots, locks, pools and agents allow, and none left standing that fits. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseStarts, type StartLimits } from "../../../src/core/4-execute/choose-starts.ts";
import type { Task } from "../../../src/core/model/task.ts";
import { listOf } from "../sample-plan.ts";

const AGENT = { command: ["agent"], env: [], timeout: "30min" };
const LIMITS: StartLimits = {
  ...{ max_parallel: 4, pools: { cpu: 2, gpu: 1 }, agent: "free" },
  agents: { free: AGENT, rare: { ...AGENT, max_parallel: 1 } },
};

function tasksOf(fields: Record<string, unknown>[]): Task[] {
  const tasks = fields.map((field, index) => ({
    description: "Do it",
    files: [`${index}.ts`],
    id: `t${index}`,
    ...field,
  }));
  return listOf(tasks, { settings: { ...LIMITS, allow_task_commands: true } }).tasks;
}

function started(fields: Record<string, unknown>[], running: Record<string, unknown>[] = []): string[] {
  const all = tasksOf([...fields, ...running]);
  return chooseStarts(all.slice(0, fields.length), all.slice(fields.length), LIMITS).map((task) => task.id);
}

describe("of the tasks that could start", () => {
  test("as many start as slots are open, in the order given", () => {
    expect(started([{}, {}, {}, {}, {}])).toEqual(["t0", "t1", "t2", "t3"]);
    expect(started([{}, {}], [{}, {}, {}])).toEqual(["t0"]);
  });

  test("those of higher priority go first", () => {
    expect(started([{}, { priority: -1 }, { priority: 5 }], [{}, {}])).toEqual(["t2", "t0"]);
  });

  test("one that holds a lock waits for whoever has it, and those behind it do not", () => {
    expect(started([{ locks: ["db"] }, { locks: ["db", "port"] }, { locks: ["port"] }])).toEqual(["t0", "t2"]);
    expect(started([{ locks: ["db"] }, {}], [{ locks: ["db"] }])).toEqual(["t1"]);
  });

  test("one whose demand is more than is left of a pool waits", () => {
    const cpu = (units: number) => ({ pools: { cpu: units } });
    expect(started([cpu(1), cpu(2), cpu(1)])).toEqual(["t0", "t2"]);
    expect(started([cpu(1), {}], [cpu(2)])).toEqual(["t1"]);
  });

  test("no more of one agent run than it says, and a task with a command of its own is nobody's", () => {
    expect(started([{ agent: "rare" }, { agent: "rare" }, {}])).toEqual(["t0", "t2"]);
    expect(started([{ agent: "rare", command: ["true"] }], [{ agent: "rare" }])).toEqual(["t0"]);
  });
});

const field = fc.record({
  locks: fc.subarray(["a", "b", "c"]),
  pools: fc.constantFrom({}, { cpu: 1 }, { cpu: 2 }, { gpu: 1 }, { cpu: 1, gpu: 1 }),
  agent: fc.constantFrom("free", "rare"),
  priority: fc.integer({ min: -3, max: 3 }),
});

function isAllowed(tasks: Task[]): boolean {
  const locks = tasks.flatMap((task) => task.locks);
  const used = (pool: string): number => tasks.reduce((sum, task) => sum + (task.pools?.[pool] ?? 0), 0);
  return (
    tasks.length <= LIMITS.max_parallel &&
    new Set(locks).size === locks.length &&
    used("cpu") <= 2 &&
    used("gpu") <= 1 &&
    tasks.filter((task) => task.agent === "rare").length <= 1
  );
}

test("however tasks come and go, what runs together is allowed, nothing that fits stands idle, and all get their turn", () => {
  const turns = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 14 }), turns, (fields, ends) => {
      let ready = tasksOf(fields);
      let running: Task[] = [];
      for (const end of ends) {
        const chosen = chooseStarts(ready, running, LIMITS);
        running = [...running, ...chosen];
        ready = ready.filter((task) => !chosen.includes(task));
        expect(isAllowed(running)).toBe(true);
        expect(ready.filter((task) => isAllowed([...running, task]))).toEqual([]);
        running = running.filter((_, index) => index !== end % Math.max(1, running.length));
      }
      expect([ready, running]).toEqual([[], []]);
    }),
    { numRuns: 60 },
  );
});
