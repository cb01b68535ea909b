/** A very large task list with conflicts kept as locks: what the whole of phase 3 takes for it, from tasks and graph to the plan. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { planBatches } from "../../build/core/3-batch/plan-batches.js";
import { workOf } from "../../build/core/3-batch/plan-request.js";
import { compileProblem } from "../../build/core/3-batch/problem/compile-problem.js";
import { mutexGroups } from "../../build/core/3-batch/problem/mutex-groups.js";
import { processorMs } from "./plan.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** The best of three, since the first one pays for compiling the code. */
export function scale(size, mode) {
  const { request, pairs } = layered(size, mode);
  const runs = [1, 2, 3].map(() => {
    collect();
    const began = processorMs();
    const plan = planBatches(request);
    if (!plan.ok) throw new Error(plan.error.message);
    return { took: processorMs() - began, gap: plan.value.gap };
  });
  return { ...runs.reduce((best, run) => (run.took < best.took ? run : best)), pairs, bytes: bytesATask(request) };
}

/** What the planner's own form of the work holds. */
function bytesATask(request) {
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = held();
  const problem = compileProblem(workOf(request).input);
  const model = { ...problem.value, ...mutexGroups(problem.value) };
  const bytes = held() - before;
  return Math.round(bytes / model.size);
}

/** Layers of 100, each task waiting for three of the layer before and holding one to three of n/2 locks. */
function layered(size, mode) {
  let state = 1;
  const below = (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const locks = {};
  const graph = {};
  const tasks = Array.from({ length: size }, (_, place) => {
    const id = `t${place}`;
    const before = (Math.floor(place / 100) - 1) * 100;
    for (let held = below(3) + 1; held > 0; held--) {
      const lock = `file-${below(size / 2)}`;
      locks[lock] ??= [];
      locks[lock].push(id);
    }
    graph[id] = before < 0 ? [] : [0, 1, 2].map(() => `t${before + below(100)}`);
    return { id, estimated_ms: 1_000 + below(600_000), priority: 0, pools: {} };
  });
  const pairs = Object.values(locks).reduce((sum, ids) => sum + (ids.length * (ids.length - 1)) / 2, 0);
  const request = { list: { tasks }, graph: { tasks: graph, conflicts: [], locks }, max_parallel: 5, mode };
  return { request: { ...request, now: () => performance.now() }, pairs };
}
