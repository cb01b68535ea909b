/** Every step of two small scenarios: killed while it resumes, killed while it cancels; `npm run test:crash` has the others. */
import { expect, test } from "vitest";
import { explore } from "../rig/crash/explore.ts";
import type { Point } from "../rig/crash/point.ts";
import { cancelIdle, resumeLate } from "./scenarios/requests.ts";

/** After a step it is mostly as before the next one: only what others can see counts twice. */
const VISIBLE = /^(commit|git update-ref)\b/;

test.each([resumeLate, cancelIdle])(
  "$name: killed at any step and repeated, it ends as if nothing had happened",
  {
    timeout: 600_000,
  },
  async (scenario) => {
    const failed: string[] = [];
    const explored = await explore([scenario], {
      workers: 2,
      say: (line) => void (line.startsWith("FAILED") && failed.push(line)),
      choose: (_, points, steps) =>
        points.filter((point) => point.moment === "before" || VISIBLE.test(nameOf(point, steps))),
    });
    expect(failed).toEqual([]);
    expect(explored.get(scenario.name)?.tried).toBeGreaterThan(10);
  },
);

function nameOf({ process, step }: Point, steps: Map<string, string[]>): string {
  return steps.get(process)?.[step - 1] ?? "";
}
