/** All tools, in the order of the phases: the list that server and documentation are made from. */
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
import { planBatches } from "./plan-batches.ts";
import { resolveConflict } from "./resolve-conflict.ts";
import { submitTask } from "./submit-task.ts";

export const tools: Tool[] = [
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
