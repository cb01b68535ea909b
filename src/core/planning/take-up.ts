/** For a run's owner: everything that was left becomes part of the run, however far its planning has come. */
import { taskListOf } from "../1-decompose/decompose.ts";
import { planned } from "../run/planned-run.ts";
import { needed } from "../run/run-session.ts";
import type { Ownership } from "../run/take-run.ts";
import { takeUpAmendments } from "./amend-run.ts";

export async function takeUp({ session, ports }: Ownership): Promise<void> {
  const { run_id } = session.run;
  if (ports.store.amendments(run_id).length === 0) return;
  const context = planned(session, ports);
  if (!context.ok) return lengthen({ session, ports });
  await takeUpAmendments(context.value);
  const phase = ports.store.run(run_id)?.phase;
  if (phase !== "phase_3_batch") session.record({ run: { phase: "phase_3_batch" } });
}

/** Before phase 3 there is no plan to keep: the list is longer, and phase 2 has to be done again. */
function lengthen({ session, ports }: Ownership): void {
  const { run_id } = session.run;
  const list = needed(ports, run_id, "task_list");
  const left = ports.store.amendments(run_id);
  const tasks = left.flatMap((amendment) => (amendment.type === "add_tasks" ? amendment.tasks : []));
  const known = new Set(list.ok ? list.value.tasks.map((task) => task.id) : []);
  const fresh = tasks.filter((task, index) => {
    return !known.has(task.id) && tasks.findIndex((other) => other.id === task.id) === index;
  });
  session.record({
    run: { phase: "phase_1_decompose" },
    artefacts: { task_list: taskListOf([...(list.ok ? list.value.tasks : []), ...fresh]) },
    discard: ["dependency_graph", "execution_plan"],
    taken_up: left.map(({ seq }) => seq),
    events: [{ type: "tasks_added", tasks: fresh.map((task) => task.id) }],
  });
}
