/** Two small scenarios: killed at every step while it resumes and while it cancels (each at 20 of its steps in `npm test`); `npm run test:crash` has the others. */
import { expect, test } from "vitest";
import { explore } from "../rig/crash/explore.ts";
import { few } from "../rig/extent.ts";
import { cancelIdle, resumeLate } from "./scenarios/requests.ts";

test.each([resumeLate, cancelIdle])(
  "$name: killed at its steps and repeated, it ends as if nothing had happened",
  {
    timeout: 600_000,
  },
  async (scenario) => {
    const failed: string[] = [];
    const explored = await explore([scenario], {
      workers: 2,
      say: (line) => void (line.startsWith("FAILED") && failed.push(line)),
      // After a step it is as before the next one, where one process takes one step after the other.
      choose: (_, points) =>
        few(
          20,
          points.filter(({ moment }, index) => moment === "before" || index === points.length - 1),
        ),
    });
    expect(failed).toEqual([]);
    expect(explored.get(scenario.name)?.tried).toBeGreaterThan(10);
  },
);
