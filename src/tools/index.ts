/** All tools, in the order of the phases: the lists that server and documentation are made from. */
import { addTasks } from "./add-tasks.ts";
import { aggregateResults } from "./aggregate-results.ts";
import { analyzeDependencies } from "./analyze-dependencies.ts";
import { cancelRun } from "./cancel-run.ts";
import { claimTask } from "./claim-task.ts";
import { decomposeWork } from "./decompose-work.ts";
import type { Tool } from "./define-tool.ts";
import { executeBatch } from "./execute-batch.ts";
import { extendScope } from "./extend-scope.ts";
import { getRun } from "./get-run.ts";
import { loadKnowledge } from "./load-knowledge.ts";
import { pauseRun } from "./pause-run.ts";
import { planBatches } from "./plan-batches.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { retryTasks } from "./retry-tasks.ts";
import { submitTask } from "./submit-task.ts";

/** Offered always. */
export const coreTools: Tool[] = [
  loadKnowledge,
  decomposeWork,
  analyzeDependencies,
  planBatches,
  executeBatch,
  claimTask,
  submitTask,
  extendScope,
  aggregateResults,
  resolveConflict,
  getRun,
  cancelRun,
];

/** Offered with `--toolset all` besides: what a client can do without, for a client that has context to spare. */
export const furtherTools: Tool[] = [addTasks, pauseRun, retryTasks];
