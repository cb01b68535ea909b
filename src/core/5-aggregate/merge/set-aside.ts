/** Phase 5.3 — which accepted results stay out of the combination, and where those come that return to it. */
import { type Failure, failure } from "../../model/failure.ts";
import type { SetAside } from "../../model/integration.ts";
import type { AcceptedTask } from "./accepted-task.ts";

const SHOWN = 1_500;

/**
 * Results of `accepted` that are in, in merge order: first those never out, then those that came back with another attempt, in the
 * order of their eviction; they were made on top of all that stayed in. A blocked result is out only as long as something it builds on is.
 */
export function withoutSetAside(accepted: AcceptedTask[], setAside: SetAside[]): AcceptedTask[] {
  const out = leftOut(accepted, setAside);
  const turn = (id: string): number => setAside.findIndex((entry) => entry.task_id === id);
  return accepted
    .filter(({ task }) => !out.has(task.id))
    .map((accepted, place) => ({ accepted, place, turn: turn(accepted.task.id) }))
    .sort((a, b) => a.turn - b.turn || a.place - b.place)
    .map(({ accepted }) => accepted);
}

/** task id → why its accepted result is out now. */
export function leftOut(accepted: AcceptedTask[], setAside: SetAside[]): Map<string, SetAside> {
  const sources = new Map(accepted.map(({ task, source }) => [task.id, source]));
  const current = setAside.filter((entry) => sources.get(entry.task_id) === entry.source);
  const own = current.filter((entry) => entry.reason !== "blocked");
  const broken = new Set(own.map((entry) => entry.task_id));
  const blocked = current.filter((entry) => entry.reason === "blocked" && entry.with.some((id) => broken.has(id)));
  return new Map([...blocked, ...own].map((entry) => [entry.task_id, entry]));
}

/** Failure of a task whose result is out: failed, or skipped when the fault is another's. */
export function leftOutFailure(entry: SetAside): Failure {
  const said = entry.output.trim();
  const message = `${whySetAside(entry)}${said === "" ? "" : `: ${said.slice(-SHOWN)}`}`;
  if (entry.reason === "blocked") {
    return failure("dependency_failed", message, `get ${entry.with.join(", ")} done, then run this task again`);
  }
  const hint = "its work is kept under refs/forkjoin; run the task again on top of what landed";
  return failure("validation_failed", message, hint);
}

/** In one line, for people: why the result is out. */
export function whySetAside({ reason, check, with: others }: SetAside): string {
  const names = others.join(", ");
  switch (reason) {
    case "culprit":
      return others.length === 0 ? `breaks check ${check}` : `breaks check ${check} together with ${names}`;
    case "blocked":
      return `builds on ${names}, which is left out because check ${check} fails with it`;
    case "undecided":
      return `check ${check} fails, and the search for the culprit ended before it came to this task`;
  }
}
