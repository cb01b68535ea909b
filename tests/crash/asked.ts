/** What `npm run test:crash` was asked to try; it is started by run.mjs, which knows the options. */
import { expect, inject, test } from "vitest";
import { type Explored, explore } from "../rig/crash/explore.ts";
import { inRandomOrder } from "../rig/crash/order.ts";
import { pointOf } from "../rig/crash/point.ts";
import { SCENARIOS } from "./scenarios.ts";

declare module "vitest" {
  interface ProvidedContext {
    crash: {
      scenario: string[];
      point: string | undefined;
      list: boolean;
      workers: number;
      /** seconds */
      budget: number | undefined;
      seed: number;
    };
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

test("every point that is tried ends as the undisturbed run does", async () => {
  const { scenario, point, list, workers, budget, seed } = inject("crash");
  const chosen = SCENARIOS.filter(({ name }) => scenario.length === 0 || scenario.includes(name));
  const unknown = scenario.filter((name) => !chosen.some((one) => one.name === name));
  expect(unknown, `there are: ${SCENARIOS.map(({ name }) => name).join(", ")}`).toEqual([]);
  if (budget !== undefined) say(`seed ${seed}, ${budget} s`);
  const explored = await explore(chosen, {
    ...{ workers, say },
    ...(budget === undefined ? {} : { until: Date.now() + budget * 1_000 }),
    choose({ acts }, points, steps) {
      if (list) return tellSteps(steps);
      if (point !== undefined) return [pointOf(point, acts[0]?.name ?? "")];
      return budget === undefined ? points : inRandomOrder(points, steps, seed);
    },
  });
  tellKinds(explored);
  const failed = [...explored.values()].reduce((sum, one) => sum + one.failed.length, 0);
  expect(failed, "points that failed").toBe(0);
});

function tellSteps(steps: Map<string, string[]>): [] {
  for (const [name, list] of steps) for (const [index, step] of list.entries()) say(`${name}.${index + 1}  ${step}`);
  return [];
}

/** What went wrong, the most frequent first. */
function tellKinds(explored: Map<string, Explored>): void {
  const kinds = new Map<string, string[]>();
  for (const [name, { failed }] of explored) {
    for (const problem of failed.flatMap(({ problems }) => problems)) {
      kinds.set(problem, [...(kinds.get(problem) ?? []), name]);
    }
  }
  for (const [problem, names] of [...kinds].sort(([, a], [, b]) => b.length - a.length)) {
    say(`${names.length} x ${problem}  (${[...new Set(names)].join(", ")})`);
  }
  const tried = [...explored.values()].reduce((sum, one) => sum + one.tried, 0);
  const points = [...explored.values()].reduce((sum, one) => sum + one.points, 0);
  const failed = [...explored.values()].reduce((sum, one) => sum + one.failed.length, 0);
  say(`${tried} of ${points} points tried in ${explored.size} scenarios, ${failed} failed`);
}
