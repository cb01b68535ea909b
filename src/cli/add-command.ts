/** `add`: more tasks for a run that has begun, from any other process. */
import { EXIT, plain, print, printJson } from "./output.ts";
import { expect, withCore } from "./session.ts";
import { readTasks } from "./work-of.ts";

export async function addCommand(
  runId: string,
  options: { tasks: string; config?: string; json?: boolean },
): Promise<number> {
  return withCore({ config: options.config, allow_task_commands: true }, async ({ orchestrator }) => {
    const { tasks } = await readTasks(options.tasks);
    const added = expect(await orchestrator.addTasks(runId, tasks));
    if (options.json) printJson({ run_id: runId, ...added });
    else print(plain(`${added.tasks.join(", ")} added to run ${runId}; ${next(runId, added.taken_up)}`));
    return EXIT.success;
  });
}

function next(runId: string, takenUp: boolean): string {
  return takenUp
    ? `go on with: forkjoin resume ${runId}`
    : "the process that runs it takes them up at its next decision";
}
