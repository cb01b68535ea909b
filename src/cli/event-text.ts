/** An event of a run in one line, for people; undefined for what needs no line. */
import type { Event } from "../core/model/event.ts";

export function eventText(event: Event): string | undefined {
  switch (event.type) {
    case "batch_started":
      return `batch ${event.batch_id}: ${event.tasks.join(", ")}`;
    case "task_started":
      return `${event.task_id} started${event.attempt > 1 ? ` (attempt ${event.attempt})` : ""}`;
    case "task_retried":
      return `${event.task_id} is tried again: ${event.error.message}`;
    case "task_finished":
      return `${event.task_id} ${event.status}${event.error === undefined ? "" : `: ${event.error.message}`}`;
    case "task_claimed":
      return `${event.task_id} is with a client (attempt ${event.attempt})`;
    case "scope_decided":
      return `${event.task_id} asked for more files: ${event.status.replace("_", " ")} ${event.granted.join(", ")}`;
    case "budget_spent":
      return event.reason;
    case "task_merged":
      return `${event.task_id} ${event.outcome}`;
    case "conflict_found":
      return `conflict in ${event.path} between ${event.tasks.join(" and ")}`;
    case "sync_point":
      return `sync point after batch ${event.batch_id}, at ${event.commit.slice(0, 12)}`;
    case "check_started":
      return `check ${event.check} started on ${event.state ?? "the combined state"}`;
    case "check_finished":
      return `check ${event.check} ${event.passed ? "passed" : "FAILED"}${event.state === undefined ? "" : ` on ${event.state}`}`;
    case "culprit_found":
      return `${event.task_id} breaks ${event.check}${event.with.length === 0 ? "" : ` together with ${event.with.join(", ")}`}`;
    case "pause_requested":
      return "pausing: nothing more is started";
    case "tasks_added":
      return `added: ${event.tasks.join(", ")}`;
    case "retry_begun":
      return `done again: ${event.tasks.join(", ")}`;
    case "scope_grown":
      return `${event.task_id} may change ${event.files.join(", ")} too`;
    case "replanned":
      return `planned anew: ${event.why}`;
    case "amendment_refused":
      return `not taken up: ${event.message}`;
    case "instances_met":
      return `all instances met after ${event.phase_id}, at ${event.commit.slice(0, 12)}`;
    case "run_taken_over":
      return `the run goes on: ${event.reason}`;
    default:
      return undefined;
  }
}
