/** A resume that is killed, at some of its steps; in the whole suite it and a cancel at each. `npm run test:crash` has the other scenarios. */
import { expect, test } from "vitest";
import { explore } from "../rig/crash/explore.ts";
import type { Point } from "../rig/crash/point.ts";
import { few } from "../rig/extent.ts";
import { cancelIdle, resumeLate } from "./scenarios/requests.ts";

/** After a step it is mostly as before the next one: only what others can see counts twice. */
const VISIBLE = /^(commit|git update-ref)\b/;

test.each(few(1, [resumeLate, cancelIdle]))(
  "$name: killed at a step and repeated, it ends as if nothing had happened",
  {
    timeout: 600_000,
  },
  async (scenario) => {
    const failed: string[] = [];
    const explored = await explore([scenario], {
      workers: 2,
      say: (line) => void (line.startsWith("FAILED") && failed.push(line)),
      choose: (_, points, steps) =>
        few(
          12,
          points.filter((point) => point.moment === "before" || VISIBLE.test(nameOf(point, steps))),
        ),
    });
    expect(failed).toEqual([]);
    expect(explored.get(scenario.name)?.tried).toBeGreaterThan(10);
  },
);

function nameOf({ process, step }: Point, steps: Map<string, string[]>): string {
  return steps.get(process)?.[step - 1] ?? "";
}
