/** `retry`: tasks that failed done again, on top of what is merged, in the same run and on the same branch. */
import { parse, stringify } from "yaml";
import { z } from "zod";
import { failure } from "../core/model/failure.ts";
import type { RunView } from "../core/orchestrator.ts";
import { carryOut, Watcher } from "./carry-out.ts";
import { chosenId, type RunChoice } from "./chosen-run.ts";
import { editText } from "./edit-text.ts";
import { CommandFailed, EXIT, note, plain, printJson } from "./output.ts";
import { expect, viewOf, withCore } from "./session.ts";

export interface RetryOptions extends RunChoice {
  agent?: string;
  note?: string;
  edit?: boolean;
  allFailed?: boolean;
  config?: string;
  notify?: boolean;
  json?: boolean;
}

export async function retryCommand(named: string | undefined, tasks: string[], options: RetryOptions): Promise<number> {
  const { agent, note: said, config, json } = options;
  if (options.allFailed && tasks.length > 0) throw new CommandFailed(BOTH);
  const watcher = new Watcher();
  return withCore({ config, allow_task_commands: true, ...watcher.ears }, async ({ orchestrator }) => {
    const runId = await chosenId(orchestrator, { run: named, repo: options.repo });
    const view = viewOf(orchestrator, runId);
    const changes = options.edit ? await editedTasks(view, tasks) : undefined;
    const retried = expect(await orchestrator.requests.retry(runId, { tasks, agent, note: said, changes }));
    note(plain(`again: ${retried.tasks.join(", ")}`));
    if (retried.taken_up)
      return carryOut(orchestrator, runId, { watcher, json: json === true, notify: options.notify === true });
    note("the process that runs it takes them up at its next decision");
    if (json) printJson({ run_id: runId, ...retried });
    return EXIT.success;
  });
}

const BOTH = failure(
  "invalid_input",
  "--all-failed does not go with names of tasks",
  "name the tasks, or all that failed",
);

const Edited = z.array(z.strictObject({ id: z.string(), description: z.string(), files: z.array(z.string()) }));
const HEAD =
  "# Description and files of the tasks that are to be done again. What is saved counts; an empty file changes nothing.\n";

/** Description and scope as the user leaves them in the editor. */
async function editedTasks(view: RunView, named: string[]): Promise<Record<string, z.infer<typeof Edited>[number]>> {
  const results = expect(await view.results());
  const failed = results.failures.map(({ task_id }) => task_id);
  const ids = named.length === 0 ? failed : named;
  const drafts = ids.map((id) => {
    const { description, files } = expect(view.task(id)).task;
    return { id, description, files };
  });
  const text = expect(await editText("tasks.yaml", `${HEAD}${stringify(drafts)}`));
  const edited = Edited.safeParse(read(text) ?? []);
  if (!edited.success) {
    const [issue] = edited.error.issues;
    const message = `the edited tasks cannot be read: ${issue?.path.join(".")}: ${issue?.message}`;
    throw new CommandFailed(failure("invalid_input", message, "keep id, description and files of each task"));
  }
  const other = edited.data.find(({ id }) => !ids.includes(id));
  if (other === undefined) return Object.fromEntries(edited.data.map((task) => [task.id, task]));
  const message = `the edited tasks have ${other.id}, which is none of those that are to be done again`;
  throw new CommandFailed(failure("invalid_input", message, `keep the ids: ${ids.join(", ")}`));
}

function read(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(failure("invalid_input", `the edited tasks are no YAML: ${why}`, "nothing was started"));
  }
}
