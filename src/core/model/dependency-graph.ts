/** `$dependency_graph`: what must wait for what, what must not run side by side, and why. */
import { z } from "zod";
import { Suggestion } from "./task-list.ts";

/**
 * Evidence, strongest first. `declared`: depends_on. `scope`, `conflict`: never at the same time. `symbol`: `to` uses what `from`
 * changes. `import`: only a file of `to` imports one of `from`. `knowledge`: a knowledge graph says so. `history`: changed together.
 */
export const EdgeKind = z.enum(["declared", "scope", "conflict", "symbol", "import", "knowledge", "history"]);
export type EdgeKind = z.infer<typeof EdgeKind>;

/** Kinds of evidence that may make one task wait for another; `declared` always does. */
export const OrderingKind = z.enum(["declared", "symbol", "import", "knowledge"]);
export type OrderingKind = z.infer<typeof OrderingKind>;
export const DEFAULT_ORDERING: readonly OrderingKind[] = ["declared", "symbol"];

/**
 * `declared`, and whatever `orders`: `from` finishes before `to`. `scope` and `conflict` say why two tasks never run at the same
 * time; they lead from the lower dependency level to the higher, within a level along the task list, and the plan may still turn them.
 */
export const Edge = z.object({
  from: z.string(),
  to: z.string(),
  kind: EdgeKind,
  confidence: z.number().min(0).max(1),
  why: z.string(),
  /** true when it makes `to` wait; an inferred edge without it is a preference or a note */
  orders: z.boolean().optional(),
  /** true when what `to` uses is not there before `from` has made it: then `to` cannot do without */
  required: z.boolean().optional(),
});
export type Edge = z.infer<typeof Edge>;

export const SameFile = z.enum(["sequential", "optimistic"]);
export type SameFile = z.infer<typeof SameFile>;

/** Tasks that use each other's changes, so that no order is right: they never run side by side. */
export const InferredCycle = z.object({ tasks: z.array(z.string()), why: z.array(z.string()), proposal: z.string() });
export type InferredCycle = z.infer<typeof InferredCycle>;

/** A file the analysis could not read, or only in part. */
export const UnreadFile = z.object({ path: z.string(), status: z.enum(["partial", "skipped"]), reason: z.string() });
export type UnreadFile = z.infer<typeof UnreadFile>;

export const DependencyGraph = z.object({
  /** task id → ids it needs, in the order of the task list */
  tasks: z.record(z.string(), z.array(z.string())),
  conflicts: z.array(z.tuple([z.string(), z.string()])),
  /** lock name → ids that hold it while they run; never expanded into pairs */
  locks: z.record(z.string(), z.array(z.string())),
  independent_tasks: z.array(z.string()),
  critical_path: z.array(z.string()),
  critical_path_ms: z.number().int(),
  edges: z.array(Edge),
  /** language → how deep the analysis went (`symbol`, `definition`, `file`); `*` is every other file */
  coverage: z.record(z.string(), z.string()),
  cycles: z.array(InferredCycle).optional(),
  suggestions: z.array(Suggestion).optional(),
  unread: z.array(UnreadFile).optional(),
  /** how many more there are than `unread` lists */
  unread_more: z.number().int().optional(),
});
export type DependencyGraph = z.infer<typeof DependencyGraph>;

/**
 * Pairs `from\nto` in which `to` waits for `from` only because its code uses that of `from`: it can do without, since what it uses is there
 * already. A pair without any edge is a need all the same.
 */
export function softNeeds({ edges }: Pick<DependencyGraph, "edges">): Set<string> {
  const soft = new Set<string>();
  const hard = new Set<string>();
  for (const { from, to, kind, orders, required } of edges) {
    if (kind === "declared" || required === true) hard.add(`${from}\n${to}`);
    else if (orders === true) soft.add(`${from}\n${to}`);
  }
  for (const pair of hard) soft.delete(pair);
  return soft;
}
