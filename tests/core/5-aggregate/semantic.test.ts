/** SEMANTIC CONFLICTS: If changes conflict logically. The labelled pairs hold the search to its recall and precision. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const BENCH = fileURLToPath(new URL("../../../bench/semantic.mjs", import.meta.url));

describe("the search for semantic conflicts over the labelled pairs", () => {
  test("finds at least nine of ten, and nine of ten alarms are true, without running a test", {
    timeout: 240_000,
  }, () => {
    const said = execFileSync(process.execPath, [BENCH, "--json", "--order", "a"], { encoding: "utf8" });
    const { cases, conflicts, recall, precision, missed, false_alarms } = JSON.parse(said);
    expect({ cases, conflicts }).toEqual({ cases: 90, conflicts: 45 });
    expect(recall, `missed: ${missed.join("; ")}`).toBeGreaterThanOrEqual(0.9);
    expect(precision, `false alarms: ${false_alarms.join("; ")}`).toBeGreaterThanOrEqual(0.9);
  });
});
