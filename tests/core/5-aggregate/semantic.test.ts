/** SEMANTIC CONFLICTS: If changes conflict logically. The labelled pairs hold the search to its recall and precision. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { seldom } from "../../rig/extent.ts";

const BENCH = fileURLToPath(new URL("../../../bench/semantic.mjs", import.meta.url));
const CASES = fileURLToPath(new URL("../../fixtures/semantic", import.meta.url));
const TEST_TIMEOUT = 240_000;

/** Nine of ten are found, and nine of ten alarms are true. */
function expectFound(folder: string, counts: { cases: number; conflicts: number }): void {
  const args = [BENCH, "--json", "--order", "a", "--cases", folder];
  const said = execFileSync(process.execPath, args, { encoding: "utf8" });
  const { cases, conflicts, recall, precision, missed, false_alarms } = JSON.parse(said);
  expect({ cases, conflicts }).toEqual(counts);
  expect(recall, `missed: ${missed.join("; ")}`).toBeGreaterThanOrEqual(0.9);
  expect(precision, `false alarms: ${false_alarms.join("; ")}`).toBeGreaterThanOrEqual(0.9);
}

describe("the search for semantic conflicts over the labelled pairs", () => {
  seldom(
    "finds at least nine of ten, and nine of ten alarms are true, without running a test",
    { timeout: TEST_TIMEOUT },
    () => {
      expectFound(CASES, { cases: 90, conflicts: 45 });
    },
  );

  test("does so for those of one language", { timeout: TEST_TIMEOUT }, () => {
    const folder = mkdtempSync(join(tmpdir(), "forkjoin-semantic-"));
    try {
      copyFileSync(join(CASES, "go.yaml"), join(folder, "go.yaml"));
      expectFound(folder, { cases: 28, conflicts: 14 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
