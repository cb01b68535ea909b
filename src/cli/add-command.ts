/** `add`: more tasks for a run that has begun, from any other process. */
import { chosenId, type RunChoice } from "./chosen-run.ts";
import { EXIT, plain, print, printJson } from "./output.ts";
import { expect, viewOf, withCore } from "./session.ts";
import { stepCommand } from "./step-command.ts";
import { readTasks } from "./work-of.ts";

export async function addCommand(
  named: string | undefined,
  options: RunChoice & { tasks: string; config?: string; json?: boolean },
): Promise<number> {
  return withCore({ config: options.config, allow_task_commands: true }, async ({ orchestrator }) => {
    const runId = await chosenId(orchestrator, { run: named, repo: options.repo });
    const { tasks } = await readTasks(options.tasks);
    const added = expect(await orchestrator.requests.addTasks(runId, tasks));
    const next = added.taken_up ? stepCommand(runId, viewOf(orchestrator, runId).next) : [];
    if (options.json) printJson({ run_id: runId, ...added });
    else print(plain(`${added.tasks.join(", ")} added to run ${runId}; ${following(next)}`));
    return EXIT.success;
  });
}

function following([command]: string[]): string {
  return command === undefined
    ? "the process that runs it takes them up at its next decision"
    : `go on with: ${command}`;
}
