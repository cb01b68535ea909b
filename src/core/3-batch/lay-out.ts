/** Phase 3 — groups of tasks as the plan shows them: numbered batches, and when each task starts and ends. */
import { formatDuration } from "../model/duration.ts";
import type { Batch, ScheduledTask } from "../model/execution-plan.ts";
import type { Task } from "../model/task.ts";
import { longest, SYNC_OVERHEAD_MS } from "./group-into-batches.ts";

export function toBatch(tasks: Task[], batch_id: number): Batch {
  const ms = longest(tasks);
  return {
    batch_id,
    parallel: tasks.length > 1,
    tasks: tasks.map((task) => task.id),
    estimated_time: formatDuration(ms),
    estimated_time_ms: ms,
    sync_after: true,
  };
}

/** One group after the other, the first at `start`. */
export function scheduleOf(groups: Task[][], start = 0): ScheduledTask[] {
  let now = start;
  return groups.flatMap((tasks) => {
    const begin = now;
    now += longest(tasks) + SYNC_OVERHEAD_MS;
    return tasks.map((task, slot) => {
      return { task_id: task.id, slot: slot + 1, start_ms: begin, end_ms: begin + task.estimated_ms };
    });
  });
}
