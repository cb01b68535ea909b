/** A stream's schedule kept true: after a failure, or when a task ended well before or after its time, the rest is planned from now. */
import type { Event } from "../model/event.ts";
import type { ScheduledTask } from "../model/execution-plan.ts";
import { currentResults } from "../run/current-results.ts";
import type { OwnedRun } from "../run/planned-run.ts";
import { replanRun } from "./replan-run.ts";

/** A tenth of its planned time off is as planned. */
const TOLERANCE = 0.1;

/** The run with its schedule as it looks now; the order in which results merge never changes by this. */
export function forecast(context: OwnedRun): OwnedRun {
  const news = newsOf(context);
  if (news === undefined) return context;
  const plan = replanRun(context);
  if (!plan.ok) return context;
  const why = `${news}; the rest in ${plan.value.estimated_parallel_time} from the start`;
  const events: Event[] = news.endsWith("failed") ? [{ type: "replanned", why }] : [];
  context.session.record({ artefacts: { execution_plan: plan.value }, events });
  return { ...context, plan: plan.value };
}

/** The first task whose end is not where the schedule has it. */
function newsOf(context: OwnedRun): string | undefined {
  const { session, ports, plan } = context;
  const attempts = ports.store.attempts(session.run.run_id);
  const first = attempts[0]?.started_at ?? 0;
  const results = currentResults(context);
  for (const entry of plan.schedule) {
    const status = results.get(entry.task_id)?.status;
    if (status !== "success" && status !== "failed") continue;
    const own = attempts.filter((attempt) => attempt.task_id === entry.task_id);
    const ended = (own.at(-1)?.finished_at ?? first) - first;
    if (isAsPlanned(entry, ended)) continue;
    return `${entry.task_id} ${status === "failed" ? "failed" : "ended at another time than planned"}`;
  }
  return undefined;
}

function isAsPlanned({ start_ms, end_ms }: ScheduledTask, ended: number): boolean {
  return Math.abs(ended - end_ms) <= Math.max(1_000, TOLERANCE * (end_ms - start_ms));
}
