/** The life of a run: its states, what leads from one to another, which piece of work may do so, and what may be left for its owner. One table. */
import type { RunState } from "./run.ts";
import type { WorkKind } from "./work-kind.ts";

/**
 * - `plan`: a planning phase was done, or done again
 * - `amend`: the plan took up what was asked for while nobody carried the run out
 * - `execute`, `aggregate`: phase 4 or 5 begins
 * - `idle`: what was asked for is done, and the run is between phases
 * - `pause`: it was asked to start nothing more, and what ran has ended
 * - `ask`: a person has to decide before it can go on
 * - `interrupt`: its process ends or could not go on
 * - `complete`, `fail`: its report is made
 * - `cancel`: it ends for good
 */
export type Transition = keyof typeof BY;

/** Which pieces of work may make a transition. */
const BY = {
  plan: ["plan"],
  amend: ["amend"],
  execute: ["execute"],
  aggregate: ["aggregate"],
  idle: ["execute"],
  pause: ["execute"],
  ask: ["execute", "aggregate"],
  interrupt: ["execute", "aggregate"],
  complete: ["aggregate"],
  fail: ["aggregate"],
  cancel: ["execute", "aggregate", "cancel"],
} as const satisfies Record<string, readonly WorkKind[]>;

/** State × transition → state. What is not here never happens. A state of work may begin again: its process may have died. */
export const LIFE: Record<RunState, Partial<Record<Transition, RunState>>> = {
  open: { plan: "open", amend: "open", execute: "executing", aggregate: "aggregating", cancel: "cancelled" },
  executing: {
    execute: "executing",
    aggregate: "aggregating",
    amend: "interrupted",
    idle: "open",
    pause: "paused",
    ask: "awaiting_review",
    interrupt: "interrupted",
    cancel: "cancelled",
  },
  aggregating: {
    execute: "executing",
    aggregate: "aggregating",
    amend: "interrupted",
    ask: "awaiting_review",
    interrupt: "interrupted",
    complete: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  interrupted: { amend: "interrupted", execute: "executing", aggregate: "aggregating", cancel: "cancelled" },
  paused: { amend: "paused", execute: "executing", aggregate: "aggregating", cancel: "cancelled" },
  awaiting_review: {
    amend: "awaiting_review",
    execute: "executing",
    aggregate: "aggregating",
    cancel: "cancelled",
  },
  complete: { amend: "open", execute: "executing", aggregate: "aggregating" },
  failed: { amend: "open", execute: "executing", aggregate: "aggregating", cancel: "cancelled" },
  cancelled: {},
};

/** Where `transition`, made by a piece of work of that kind, leads from `state`; undefined when that never happens. */
export function after(state: RunState, transition: Transition, work: WorkKind): RunState | undefined {
  const allowed: readonly WorkKind[] = BY[transition];
  return allowed.includes(work) ? LIFE[state][transition] : undefined;
}

/** Entries that anybody may leave for a run's owner, with the states that allow them; everything else about a run is its owner's to write. */
const LEFT_IN = {
  amendment: ["open", "executing", "interrupted", "paused", "awaiting_review", "complete", "failed"],
  scope_request: ["open", "executing", "aggregating", "interrupted", "paused", "awaiting_review"],
  lease: "any",
  decision: "any",
  pause: ["executing"],
  cancel: ["open", "executing", "aggregating", "interrupted", "paused", "awaiting_review", "failed"],
} as const satisfies Record<string, readonly RunState[] | "any">;

export type EntryKind = keyof typeof LEFT_IN;

export function mayLeave(kind: EntryKind, state: RunState): boolean {
  const states: readonly RunState[] | "any" = LEFT_IN[kind];
  return states === "any" || states.includes(state);
}

/** Nothing is left to do for a run in this state, unless somebody asks for it. */
export function hasEnded(state: RunState): boolean {
  return state === "complete" || state === "failed" || state === "cancelled";
}
