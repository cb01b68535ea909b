/** All scenarios of the crash rig, those that take little time first. */
import type { Scenario } from "../rig/crash/scenario.ts";
import { land, landClashing, landOnto, landSquashed } from "./scenarios/land.ts";
import { leases } from "./scenarios/leases.ts";
import { add, cancel, cancelIdle, clean, conflict, pause, resumeEarly, resumeLate } from "./scenarios/requests.ts";
import { batches, culprits, one, retries, sandboxed, streaming } from "./scenarios/runs.ts";
import { workflows } from "./scenarios/workflows.ts";

export const SCENARIOS: Scenario[] = [
  ...[land, landSquashed, ...landClashing, cancelIdle, one, sandboxed, resumeLate, landOnto, clean],
  ...[batches, streaming, retries, culprits, conflict, add, pause, cancel, resumeEarly, leases],
  ...workflows,
];
