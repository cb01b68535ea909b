/** The kinds of work that may own a run. */
import { z } from "zod";

/**
 * - `plan`: a phase before the first agent starts
 * - `amend`: what was asked for becomes part of the plan, while nobody carries the run out
 * - `execute`, `aggregate`: phases 4 and 5, in the background
 * - `cancel`: the run ends, while nobody carries it out
 * - `reap`: what a dead owner left running is ended
 */
export const WorkKind = z.enum(["plan", "amend", "execute", "aggregate", "cancel", "reap"]);
export type WorkKind = z.infer<typeof WorkKind>;

/** Work that goes on in the background for as long as agents and checks take; every other kind is over in moments. */
export function isLong(kind: WorkKind): boolean {
  return kind === "execute" || kind === "aggregate";
}
