/** Where the command line's work comes from: task files, or a pattern over the repository's files. */
import { resolve } from "node:path";
import { readTaskFiles, type TaskFiles } from "../compose.ts";
import { type Failure, failure } from "../core/model/failure.ts";
import { PatternKind, WorkPattern } from "../core/model/work-pattern.ts";
import type { Operations, Work } from "../core/orchestrator.ts";
import { listed } from "./listed.ts";
import { CommandFailed } from "./output.ts";
import { expect } from "./session.ts";
import type { WorkOptions } from "./work-options.ts";
import { orchestrationOf, overOrchestration, workflowWork } from "./workflow-options.ts";

export async function workOf(
  options: WorkOptions & { repo: string },
  orchestrator: Operations,
): Promise<{ request: string; work: Work }> {
  if (options.workflow !== undefined)
    return workflowWork(orchestrationOf(options, options.workflow), options, orchestrator);
  if (options.pattern !== undefined) return patternWork(options, options.pattern);
  const stray = strayOption(options);
  if (stray !== undefined) throw new CommandFailed(stray);
  if (options.tasks === undefined) {
    const hint =
      'name task files: --tasks "a.yaml,b.yaml", or a pattern: --pattern file --include "src/**" --request "…"';
    throw new CommandFailed(failure("invalid_input", "--tasks is missing", hint));
  }
  const { tasks, request, orchestration } = await readTasks(options.tasks);
  if (orchestration === undefined) return { request: options.request ?? request, work: { tasks } };
  const asked = overOrchestration(orchestration, options);
  return workflowWork(asked, { request, ...options }, orchestrator);
}

/** The tasks of files whose names are separated by commas, and what they are about. */
export async function readTasks(named: string): Promise<Omit<TaskFiles, "request"> & { request: string }> {
  const files = listed(named);
  const read = expect(await readTaskFiles(files.map((file) => resolve(file))));
  return { ...read, request: read.request ?? files.join(", ") };
}

function patternWork(options: WorkOptions, kind: PatternKind): { request: string; work: Work } {
  if (options.tasks !== undefined) {
    throw new CommandFailed(failure("invalid_input", "--pattern and --tasks are both given", "give one of the two"));
  }
  const { request, include, by, minutes, perTask: per_task, command = [] } = options;
  const text = request ?? command.join(" ");
  if (text === "") {
    const hint = 'say what to do to each: --request "Add a licence header", or a command behind --';
    throw new CommandFailed(failure("invalid_input", "--pattern needs --request", hint));
  }
  const pattern = WorkPattern.parse({
    kind,
    description: text,
    include: include === undefined ? [] : listed(include),
    ...(by === undefined ? {} : { by }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(per_task === undefined ? {} : { per_task }),
    ...(command.length === 0 ? {} : { command }),
  });
  return { request: text, work: { pattern } };
}

/** An option that only a pattern understands would be ignored in silence. */
function strayOption({ include, by, minutes, perTask, command = [] }: WorkOptions): Failure | undefined {
  const given = {
    "--include": include,
    "--by": by,
    "--minutes": minutes,
    "--per-task": perTask,
    "a command behind --": command[0],
  };
  const stray = Object.entries(given).find(([, value]) => value !== undefined);
  if (stray === undefined) return undefined;
  return failure("invalid_input", `${stray[0]} goes with --pattern`, `add --pattern ${PatternKind.options.join("|")}`);
}
