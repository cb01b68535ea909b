/** Phase 1.1 — what a model needs to know of a repository to propose good tasks. */
import { z } from "zod";
import { WorkPattern } from "./work-pattern.ts";

export const ModuleSummary = z.object({
  /** the folder or package; the repository's root is `.` */
  module: z.string(),
  /** what a task over all of it would declare */
  scope: z.array(z.string()),
  files: z.number().int(),
  /** estimated minutes for a change to every file */
  minutes: z.number().int(),
  /** modules whose files it imports, most imports first */
  uses: z.array(z.object({ module: z.string(), imports: z.number().int() })),
});
export type ModuleSummary = z.infer<typeof ModuleSummary>;

export const HotFile = z.object({
  path: z.string(),
  /** of the last 1,000 commits, those that changed it together with others */
  commits: z.number().int(),
  /** files that import it */
  imported_by: z.number().int(),
  why: z.string(),
});
export type HotFile = z.infer<typeof HotFile>;

/** One way to cut the work, planned by phases 2 and 3 as if it were the run's. */
export const Partition = z.object({
  name: z.string(),
  /** send this as `pattern` to have it */
  pattern: WorkPattern.partial(),
  tasks: z.number().int(),
  batches: z.number().int(),
  estimated_parallel_time: z.string(),
  estimated_sequential_time: z.string(),
  estimated_speedup: z.number(),
  /** imports that lead from one task's files into another's */
  imports_across: z.number().int(),
});
export type Partition = z.infer<typeof Partition>;

export const DecompositionHelp = z.object({
  modules: z.array(ModuleSummary),
  hot_files: z.array(HotFile),
  /** commands that run the repository's tests, as far as its manifests say */
  test_commands: z.array(z.object({ command: z.array(z.string()), found_in: z.string() })),
  /** scopes that two tasks would hardly keep apart */
  clashes: z.array(z.object({ scopes: z.array(z.string()), why: z.string() })),
  /** the fastest first */
  partitions: z.array(Partition),
  /** what was looked at: the files the request names, or all sources */
  looked_at: z.string(),
  /** the shape to send back */
  send: z.string(),
});
export type DecompositionHelp = z.infer<typeof DecompositionHelp>;

/** Example of the tasks that a client sends. */
export const TASK_SHAPE =
  'send tasks: [{"id": "add-logging", "description": "Log every request in the gateway", "files": ["src/gateway.ts", "src/logging/**"], "estimated": "10min", "risk_level": "low", "depends_on": []}]';
