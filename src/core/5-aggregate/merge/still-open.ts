/** Phase 5.2 — which conflicts nobody has decided yet: the one rule for all who ask. */
import type { Conflict, Decision } from "../../model/conflict.ts";
import { sidesAsked } from "./conflict-sides.ts";

/** Conflicts that none of `decisions` is about: a decision on other versions of the path does not count. */
export function stillOpen(conflicts: Conflict[], decisions: Decision[]): Conflict[] {
  const decided = new Set(decisions.map((decision) => `${decision.conflict_id} ${decision.sides}`));
  return conflicts.filter((conflict) => !decided.has(`${conflict.conflict_id} ${sidesAsked(conflict)}`));
}
