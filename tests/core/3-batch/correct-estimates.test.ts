/** Estimates corrected by past runs: towards what like tasks took, the further the more of them there are, never by a single wild one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { correctEstimates } from "../../../src/core/3-batch/correct-estimates.ts";
import type { PastDuration } from "../../../src/core/model/estimate.ts";
import { estimateText } from "../../../src/core/model/estimate.ts";
import { listOf } from "../sample-plan.ts";

const MINUTE = 60_000;
const { tasks } = listOf([
  { id: "plain", description: "Do it", files: ["a.ts"], estimated: "10min", category: "modification" },
  {
    id: "risky",
    description: "Do it",
    files: ["b.ts"],
    estimated: "10min",
    category: "modification",
    risk_level: "high",
  },
  { id: "docs", description: "Do it", files: ["c.md"], estimated: "10min", category: "documentation" },
]);

function past(count: number, times: number, part: Partial<PastDuration> = {}): PastDuration[] {
  const one: PastDuration = { agent: "ada", category: "modification", estimated_ms: MINUTE, actual_ms: times * MINUTE };
  return Array.from({ length: count }, () => ({ ...one, ...part }));
}

const minutes = (history: PastDuration[], agent = "ada"): number[] =>
  correctEstimates(tasks, history, agent).map((estimate) => estimate.planned_ms / MINUTE);

test("nothing is corrected before three tasks are known", () => {
  expect(correctEstimates(tasks, past(2, 5), "ada")).toEqual([]);
});

test("an estimate moves towards what like tasks took, and closer the more there are", () => {
  const [few = 0, many = 0] = [minutes(past(3, 2))[0], minutes(past(100, 2))[0]];
  expect(few).toBeGreaterThan(10);
  expect(many).toBeGreaterThan(few);
  expect(many).toBeLessThanOrEqual(20);
  expect(many).toBeGreaterThan(19);
});

test("tasks of the agent and category count most, those of other categories and agents less", () => {
  const [plain = 0, , docs = 0] = minutes(past(20, 2));
  const [other = 0] = minutes(past(20, 2), "bob");
  expect(plain).toBeGreaterThan(docs);
  expect(docs).toBeGreaterThan(other);
  expect(other).toBeGreaterThan(10);
});

test("a risky task is planned with what four of five stay below, and says so", () => {
  const [plain, risky] = correctEstimates(tasks, past(20, 1), "ada");
  expect(plain).toMatchObject({ declared_ms: 600_000, planned_ms: 600_000 });
  expect(risky?.planned_ms).toBe(risky?.cautious_ms);
  expect(risky?.planned_ms).toBeGreaterThan(600_000);
  expect(risky?.why).toBe(
    "20 past tasks of its agent and category make it 1 times its estimate; its risk is high, so it is planned with what four of five stay below",
  );
  expect([estimateText("10min", plain), estimateText("10min", undefined)]).toEqual(["10min", "10min"]);
  expect(estimateText("10min", risky)).toMatch(/^10min → 1\dmin/);
});

test("whatever the past was, an estimate stays between an eighth and eight times the declared one, and is the same again", () => {
  const history = fc.array(
    fc.record({
      agent: fc.constantFrom("ada", "bob"),
      category: fc.constantFrom("modification" as const, "test" as const),
      estimated_ms: fc.integer({ min: 1, max: 2_000_000 }),
      actual_ms: fc.integer({ min: 0, max: 2_000_000_000 }),
    }),
    { minLength: 3, maxLength: 40 },
  );
  fc.assert(
    fc.property(history, (known) => {
      const estimates = correctEstimates(tasks, known, "ada");
      expect(correctEstimates(tasks, known, "ada")).toEqual(estimates);
      for (const { task_id, planned_ms, cautious_ms } of estimates) {
        expect(cautious_ms).toBeGreaterThanOrEqual(planned_ms);
        if (task_id === "risky") continue;
        expect(planned_ms).toBeGreaterThanOrEqual(75_000);
        expect(planned_ms).toBeLessThanOrEqual(4_800_000);
      }
    }),
    { numRuns: 100 },
  );
});
