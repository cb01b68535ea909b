/** Every step of two small scenarios: killed while it resumes, killed while it cancels; `npm run test:crash` has the others. */
import { expect, test } from "vitest";
import { explore } from "../rig/crash/explore.ts";
import { cancelIdle, resumeLate } from "./scenarios/requests.ts";

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
      // After a step it is as before the next one, where one process takes one step after the other.
      choose: (_, points) => points.filter(({ moment }, index) => moment === "before" || index === points.length - 1),
    });
    expect(failed).toEqual([]);
    expect(explored.get(scenario.name)?.tried).toBeGreaterThan(10);
  },
);
