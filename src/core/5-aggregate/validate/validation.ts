/** Phase 5.4 — what the report says of the checks: their results, who broke them and with whom, what is out because of it. */
import type { Integration } from "../../model/integration.ts";
import type { Culprit, Validation } from "../../model/report.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";
import { leftOut, whySetAside } from "../merge/set-aside.ts";
import type { WholeTest } from "./test-whole.ts";

export interface ValidationParts {
  integration: Integration;
  /** all accepted results, also those set aside */
  accepted: AcceptedTask[];
  tested: WholeTest;
  states: { runs: number; spent: number; flaky(): string[] };
  finding: { kind: "base_failed"; checks: string[] } | { kind: "inconsistent"; why: string } | undefined;
}

/** `passed` is null without checks: then nothing is proven. */
export function validationOf({ integration, accepted, tested, states, finding }: ValidationParts): Validation {
  const { results, failed } = tested;
  const out = leftOut(accepted, integration.set_aside);
  const culprits = culpritsOf(integration, new Set(out.keys()));
  const named = new Set(culprits.map((culprit) => culprit.task_id));
  return {
    checks: results,
    passed: results.length === 0 ? null : failed.length === 0,
    duration_ms: states.spent,
    culprits,
    set_aside: [...out.values()]
      .filter((entry) => entry.reason !== "culprit" && !named.has(entry.task_id))
      .map((entry) => ({ task_id: entry.task_id, why: whySetAside(entry) })),
    flaky: states.flaky(),
    base_failed: finding?.kind === "base_failed" ? finding.checks : [],
    ...(finding?.kind === "inconsistent" ? { inconsistent: finding.why } : {}),
    runs: states.runs,
  };
}

/** Each culprit once, with the last clash it was found in. */
function culpritsOf({ set_aside }: Integration, out: Set<string>): Culprit[] {
  const last = new Map(set_aside.filter((entry) => entry.reason === "culprit").map((entry) => [entry.task_id, entry]));
  return [...last.values()].map(({ task_id, with: partners, check, output }) => {
    return { task_id, with: partners, check, output, repaired: !out.has(task_id) };
  });
}
