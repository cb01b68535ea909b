/** Phase 5.4 — how each path that two tasks changed was joined, and what says that the join is right. */
import type { MergeStep } from "../../model/integration.ts";
import type { ReportedMerge, Validation } from "../../model/report.ts";

/** `proven` and `verified` only for a combined state that passes its checks; a judged join names the checks that touch it. */
export function reportedMerges({ task_id, merged }: MergeStep, validation: Validation): ReportedMerge[] {
  const green = validation.passed === true ? validation.checks.map(({ check }) => check) : [];
  return merged.map(({ path, by, checks }): ReportedMerge => {
    const alone = by.every((method) => method === "git");
    const verifying = checks ?? green;
    if (verifying.length === 0) return { task_id, path, by, verification: "unverified" };
    return { task_id, path, by, checks: verifying, verification: alone ? "proven" : "verified" };
  });
}
