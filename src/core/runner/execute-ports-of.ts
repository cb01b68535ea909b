/** What phase 4 is given to work with: the session's ports, and the decisions that only the whole run can make. */
import { Spending } from "../4-execute/admission.ts";
import type { ExecutePorts } from "../4-execute/execute-ports.ts";
import { RunStopped } from "../model/run-stopped.ts";
import { recordScopeRequest, requestScope } from "../requests/scope-requests.ts";
import { type ExecuteContext, planned } from "../run/planned-run.ts";
import { surroundingsOf } from "../run/surroundings.ts";

export function executePortsOf(context: ExecuteContext): ExecutePorts {
  const { ports, session } = context;
  const { run_id } = session.run;
  return {
    ...ports,
    ...session,
    ...{ run_id, max_parallel: context.plan.max_parallel },
    spending: new Spending(),
    surroundings: (task) => surroundingsOf(run_id, task, ports),
    async requestScope(ask) {
      const now = planned(session, ports);
      const request = requestScope(now.ok ? now.value : context, ask);
      const recorded = await recordScopeRequest(run_id, request, ports);
      if (!recorded.ok) throw new RunStopped(recorded.error);
    },
  };
}
