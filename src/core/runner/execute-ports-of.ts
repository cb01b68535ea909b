/** Ports of phase 4 for a session: the session's own, and the decisions that only the whole run can make. */
import { Spending } from "../4-execute/admission.ts";
import type { ExecutePorts } from "../4-execute/execute-ports.ts";
import { decideAsOwner } from "../requests/scope-requests.ts";
import { type OwnedRun, planned } from "../run/planned-run.ts";
import { taskContextOf } from "../run/task-context.ts";

export function executePortsOf(context: OwnedRun): ExecutePorts {
  const { ports, session } = context;
  const { run_id } = session.run;
  return {
    ...ports,
    ...session,
    run_id,
    max_parallel: context.plan.max_parallel,
    spending: new Spending(),
    heard: (task_id, said) => ports.hear(run_id, task_id, said),
    taskContext: (task) => taskContextOf(run_id, task, ports),
    requestScope(ask) {
      const now = planned(session, ports);
      decideAsOwner(now.ok ? now.value : context, ask);
    },
  };
}
