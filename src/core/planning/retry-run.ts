/** Tasks of a run begun anew: what was tried of them counts no more and is kept, and what was left out for their sake is out no longer. */
import { leftOutFailure } from "../5-aggregate/merge/set-aside.ts";
import type { Amendment, Retry } from "../model/amendment.ts";
import { type Attempt, standing } from "../model/attempt.ts";
import type { Integration } from "../model/integration.ts";
import type { Task } from "../model/task.ts";
import type { OwnedRun } from "../run/planned-run.ts";

type RetryAmendment = Extract<Amendment, { type: "retry" }>;

/** For the run's owner: puts on record that the attempts at these tasks so far count no more, and returns the run as it is then. Done twice, it is as if done once. */
export function supersede(context: OwnedRun, { tasks: retries, agents }: RetryAmendment): OwnedRun {
  const { session, ports } = context;
  const { run } = session;
  const { run_id } = run;
  const settings = { ...run.settings, agents: { ...run.settings.agents, ...agents } };
  const integration = ports.store.artefact(run_id, "integration");
  const again = withBlocked(
    retries.map(({ task_id }) => task_id),
    integration,
  );
  const tried = ports.store.attempts(run_id).filter(({ task_id, state }) => again.has(task_id) && state !== "running");
  session.record({
    run: { settings, budget_spent: undefined, error: undefined },
    attempts: standing(tried).map((attempt) => asSuperseded(attempt, integration)),
    ...(integration === undefined ? {} : { artefacts: { integration: withoutEntries(integration, again) } }),
  });
  return { ...context, session: { ...session, run: { ...run, settings } } };
}

/** Tasks with those whose accepted result builds on theirs and was left out with it: it has to be made again, too. */
function withBlocked(tasks: string[], integration: Integration | undefined): Set<string> {
  const again = new Set(tasks);
  for (const { task_id, reason, with: others } of integration?.set_aside ?? []) {
    if (reason === "blocked" && others.some((id) => again.has(id))) again.add(task_id);
  }
  return again;
}

/** Its commit stays under its ref. What the combination failed with is told to the next attempt. */
function asSuperseded(attempt: Attempt, integration: Integration | undefined): Attempt {
  if (attempt.state !== "accepted") return { ...attempt, superseded: true };
  const { task_id, change } = attempt;
  const own = integration?.set_aside.findLast((one) => one.task_id === task_id && one.source === change?.commit);
  const error = own === undefined ? {} : { error: leftOutFailure(own) };
  return { ...attempt, superseded: true, state: "rejected", ...error };
}

/** What was merged before the first of them stays as it is: the branch grows where it can. */
function withoutEntries(integration: Integration, again: Set<string>): Integration {
  const { steps, set_aside } = integration;
  const first = steps.findIndex(({ task_id }) => again.has(task_id));
  const landed = (first === -1 ? steps : steps.slice(0, first)).map(({ task_id }) => task_id);
  return { ...integration, landed, set_aside: set_aside.filter(({ task_id }) => !again.has(task_id)) };
}

/** The task as it is to be done this time. */
export function changedTask(task: Task, retries: Retry[]): Task {
  const retry = retries.find(({ task_id }) => task_id === task.id);
  if (retry === undefined) return task;
  const { agent = task.agent, description = task.description, files = task.files } = retry;
  return { ...task, description, files, ...(agent === undefined ? {} : { agent }) };
}
