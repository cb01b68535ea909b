/** Phase 5.2 — the merge strategies, as what each does with a path that two tasks changed. */
import type { Strategy } from "../../model/conflict.ts";

/** Settlement of a contested path: the earlier version, the later one, or a person decides. */
export type Settlement = "ours" | "theirs" | "review";

export interface StrategyRule {
  /** false: every path both sides changed is contested. true: only what cannot be merged is. */
  merges: boolean;
  contested: Settlement;
  /** true: while one of its paths waits for a person, nothing of the task lands; false: its other paths do */
  holdsTask: boolean;
}

export const STRATEGY_RULES: Record<Strategy, StrategyRule> = {
  first_wins: { merges: false, contested: "ours", holdsTask: false },
  last_wins: { merges: false, contested: "theirs", holdsTask: false },
  manual: { merges: false, contested: "review", holdsTask: true },
  smart_merge: { merges: true, contested: "review", holdsTask: false },
  first_wins_with_merge: { merges: true, contested: "review", holdsTask: true },
};
