/** Phase 5.2 — what a merge may ask of the run's checks: which of several ways to join a conflict holds. */
import type { JudgedCandidate } from "../../model/conflict.ts";
import type { MergeMethod } from "../../model/merge-method.ts";

export interface CandidateTree {
  by: MergeMethod[];
  tree: string;
}

export interface JudgeRequest {
  /** commit before the join */
  tip: string;
  /** best first, no two the same tree */
  candidates: CandidateTree[];
  /** checks of the tasks concerned, beside the run's own */
  checks: string[];
  /** most candidates tested, and most minutes spent on this conflict */
  limits: { candidates: number; minutes: number };
  /** The tree of a candidate with one joined path made unreadable: a check that passes on it does not touch the path. */
  broken(candidate: number): Promise<{ path: string; tree: string }[]>;
}

/**
 * - `chosen`: passes, and `checks` are those that touch every joined path
 * - `untouched`: passes, but no check touches `paths`
 * - `none`: whatever was tested fails, or nothing could be tested
 */
export type Judgement = { tested: JudgedCandidate[] } & (
  | { kind: "chosen"; candidate: number; checks: string[] }
  | { kind: "untouched"; candidate: number; paths: string[] }
  | { kind: "none"; why: string }
);

export interface Judge {
  judge(request: JudgeRequest): Promise<Judgement>;
}
