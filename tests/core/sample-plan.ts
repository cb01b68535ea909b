/** Task lists, graphs and plans for tests, made by the real phases from what a client would write. */
import { expect } from "vitest";
import { type DecomposeRequest, decompose } from "../../src/core/1-decompose/decompose.ts";
import { analyzeDependencies } from "../../src/core/2-dependency/analyze-dependencies.ts";
import { planBatches } from "../../src/core/3-batch/plan-batches.ts";
import type { PlanRequest } from "../../src/core/3-batch/plan-request.ts";
import type { DependencyGraph, SameFile } from "../../src/core/model/dependency-graph.ts";
import type { ExecutionPlan } from "../../src/core/model/execution-plan.ts";
import type { Failure, Problem } from "../../src/core/model/failure.ts";
import type { Result } from "../../src/core/model/result.ts";
import { RunSettings } from "../../src/core/model/run.ts";
import type { TaskList } from "../../src/core/model/task-list.ts";

export interface Surroundings {
  settings?: Partial<RunSettings>;
  /** paths of the base commit with their git modes */
  base?: Record<string, string>;
  lfs?: string[];
}

export function request(tasks: unknown[], { settings = {}, base = {}, lfs = [] }: Surroundings = {}): DecomposeRequest {
  return {
    tasks,
    settings: { ...RunSettings.parse({ agents: {}, checks: {} }), ...settings },
    baseFiles: new Map(Object.entries(base).map(([path, mode]) => [path, { mode }])),
    lfsPaths: new Set(lfs),
  };
}

export function listOf(tasks: unknown[], surroundings?: Surroundings): TaskList {
  return granted(decompose(request(tasks, surroundings)));
}

/** The problems of a refused list. */
export function problemsOf(tasks: unknown[], surroundings?: Surroundings): Problem[] {
  return refused(decompose(request(tasks, surroundings))).problems ?? [];
}

/** Task id → the ids it needs; every task changes a file of its own. */
export function chain(needs: Record<string, string[]>, estimated = "10min"): TaskList {
  return listOf(
    Object.entries(needs).map(([id, depends_on]) => ({
      ...{ id, depends_on, estimated },
      ...{ description: `Change ${id}`, files: [`src/${id}.ts`] },
    })),
  );
}

export function graphOf(list: TaskList, sameFile: SameFile = "sequential"): DependencyGraph {
  return granted(analyzeDependencies(list, sameFile));
}

export function planOf(list: TaskList, max_parallel = 5, more: Partial<PlanRequest> = {}): ExecutionPlan {
  return granted(planBatches({ list, graph: graphOf(list), max_parallel, time_budget_ms: 10, ...more }));
}

export function batchesOf(list: TaskList, maxParallel = 5): string[][] {
  return planOf(list, maxParallel).batches.map((batch) => batch.tasks);
}

export function granted<T>(result: Result<T>): T {
  if (!result.ok) expect.fail(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export function refused(result: Result<unknown>): Failure {
  if (result.ok) expect.fail("it was accepted");
  return result.error;
}
