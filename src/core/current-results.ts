/** What every task has come to by now, worked out from the store whenever it is asked for. */
import { taskResults } from "./4-execute/task-results.ts";
import type { ExecuteContext } from "./execute-run.ts";
import type { TaskResult } from "./model/batch-results.ts";

export function currentResults({ session, ports, list, graph }: ExecuteContext): Map<string, TaskResult> {
  const attempts = ports.store.attempts(session.run.run_id);
  const ids = list.tasks.map((task) => task.id);
  return taskResults({ ids, graph, attempts, enforcement: ports.executor.enforcement });
}
