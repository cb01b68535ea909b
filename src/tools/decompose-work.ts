/** Phase 1 as a tool. */
import { z } from "zod";
import { failure } from "../core/model/failure.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import { TaskList } from "../core/model/task-list.ts";
import { defineTool, type ToolContext } from "./define-tool.ts";

/** The shape a model should send; phase 1 itself judges the values, so that every problem comes back with its cure. */
const ProposedTask = z.looseObject({
  id: z.unknown().optional().describe("lower-case-with-dashes; default task_001 …"),
  description: z.unknown().optional().describe("the one change, in full sentences"),
  files: z.unknown().optional().describe('the only paths it may change: exact paths or "dir/**"'),
  estimated: z.unknown().optional().describe("such as 10min; 30min at most"),
  depends_on: z.unknown().optional().describe("ids that must be merged before"),
  locks: z.unknown().optional().describe("names of things only one task may use at a time"),
});

const SHAPE =
  'send tasks: [{"id": "add-logging", "description": "Log every request in the gateway", "files": ["src/gateway.ts", "src/logging/**"], "estimated": "10min", "risk_level": "low", "depends_on": []}]';

export const decomposeWork = defineTool({
  name: "decompose_work",
  title: "Decompose work",
  description:
    "Phase 1: hand over the work as atomic tasks, each one logical change of at most 30 minutes with the files it may touch. Small disjoint scopes run in parallel. Begins a run unless run_id is given.",
  input: z.object({
    request: z.string().min(1).max(20_000),
    run_id: z.string().optional(),
    repo: z.string().optional(),
    base: z.string().max(256).optional().describe("branch, tag or commit; default HEAD"),
    tasks: z.array(ProposedTask).optional(),
    task_files: z.array(z.string()).max(200).optional().describe("YAML files in the repository"),
  }),
  output: TaskList,
  readOnly: true,
  async run(input, context) {
    const { request, run_id, base } = input;
    const repo = input.repo ?? context.defaultRepository;
    const tasks = await proposed(input, repo, context);
    if (!tasks.ok) return tasks;
    const done = await context.orchestrator.decompose({ request, run_id, repo, base, tasks: tasks.value });
    if (!done.ok) return done;
    const { run, list } = done.value;
    const warnings = run.warnings.map((warning) => `. Note: ${warning}`).join("");
    const next = {
      tool: "analyze_dependencies",
      arguments: { run_id: run.run_id },
      why: "find out what must wait for what",
    };
    const summary = `${list.total_tasks} tasks, ${list.estimated_total_time_sequential} one after the other${warnings}`;
    return ok({ summary, run_id: run.run_id, phase: "phase_1_decompose" as const, next, ...list });
  },
});

async function proposed(
  { tasks, task_files }: { tasks?: unknown[] | undefined; task_files?: string[] | undefined },
  repo: string,
  context: ToolContext,
): Promise<Result<unknown[]>> {
  if ((tasks === undefined) === (task_files === undefined)) {
    return err(failure("invalid_tasks", "give exactly one of tasks and task_files", SHAPE));
  }
  if (task_files === undefined) return ok(tasks ?? []);
  const read = await context.readTaskFiles(task_files, repo);
  return read.ok ? ok(read.value.tasks) : read;
}
