/** `$dependency_graph`: what must wait for what, what must not run side by side, and why. */
import { z } from "zod";

export const EdgeKind = z.enum(["declared", "scope", "conflict"]);
export type EdgeKind = z.infer<typeof EdgeKind>;

/**
 * `declared`: `from` finishes before `to`. `scope` and `conflict` say why two tasks never run at the same time; they lead
 * from the lower dependency level to the higher, within a level along the task list, and the plan may still turn them.
 */
export const Edge = z.object({
  from: z.string(),
  to: z.string(),
  kind: EdgeKind,
  confidence: z.number().min(0).max(1),
  why: z.string(),
});
export type Edge = z.infer<typeof Edge>;

export const SameFile = z.enum(["sequential", "optimistic"]);
export type SameFile = z.infer<typeof SameFile>;

export const DependencyGraph = z.object({
  /**
   * task id → ids it needs, in the order of the task list. The keys are a set: JavaScript puts ids such as `7` first, so
   * take the order of tasks from the task list.
   */
  tasks: z.record(z.string(), z.array(z.string())),
  conflicts: z.array(z.tuple([z.string(), z.string()])),
  /** lock name → ids that hold it while they run; never expanded into pairs */
  locks: z.record(z.string(), z.array(z.string())),
  independent_tasks: z.array(z.string()),
  critical_path: z.array(z.string()),
  critical_path_ms: z.number().int(),
  edges: z.array(Edge),
  /** language → how deep the analysis went (`file`: declared scopes only) */
  coverage: z.record(z.string(), z.string()),
});
export type DependencyGraph = z.infer<typeof DependencyGraph>;
