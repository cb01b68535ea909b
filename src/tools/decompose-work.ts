/** Phase 1 as a tool. */
import { z } from "zod";
import { DecompositionHelp, TASK_SHAPE } from "../core/model/decomposition-help.ts";
import { failure } from "../core/model/failure.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import { TaskList } from "../core/model/task-list.ts";
import { WorkPattern } from "../core/model/work-pattern.ts";
import type { Work } from "../core/orchestrator.ts";
import { type Answer, defineTool, nextOf, type ToolContext } from "./define-tool.ts";
import { ProposedTask } from "./proposed-task.ts";

/** As the schema of the core, in fewer words. */
const Pattern = z
  .looseObject({
    kind: z.enum(["file", "module", "test", "docs"]),
    description: z.string(),
    include: z.array(z.string()).optional().describe("globs"),
    by: z.enum(["folder", "coupling"]).optional(),
  })
  .describe("one change to every file, module, test or document");

const PATTERN_SHAPE =
  'send pattern: {"kind": "file", "include": ["src/**/*.js"], "description": "Add a licence header"}';

const WORKFLOW_SHAPE = 'send workflow: {"id": "bug_fixing", "issues": ["#101"]}';

/** As the schema of the core, in fewer words. */
const AskedWorkflow = z
  .looseObject({
    id: z.string().describe("such as 201_ADW_FEATURE_DEVELOPMENT or bug_fixing"),
    instances: z.array(z.looseObject({})).optional().describe('[{"feature": "…"}]; or bug, issue, target'),
    issues: z.array(z.string()).optional().describe('"#101", or files in the repository'),
    sync_point: z.string().optional().describe("after_phase_N"),
  })
  .describe("one workflow for several instances at once");

export const decomposeWork = defineTool({
  name: "decompose_work",
  title: "Decompose work",
  description:
    "Phase 1: hand over the work as atomic tasks: one logical change of 30 minutes at most, with the files it may touch. Small disjoint scopes run in parallel. Without run_id begins a run; without tasks: what is needed to propose them.",
  input: z.object({
    request: z.string().min(1).max(20_000),
    run_id: z.string().optional(),
    repo: z.string().optional(),
    base: z.string().max(256).optional().describe("default HEAD"),
    tasks: z.array(ProposedTask).optional(),
    pattern: Pattern.optional(),
    workflow: AskedWorkflow.optional(),
    task_files: z.array(z.string()).max(200).optional().describe("YAML files in the repository"),
  }),
  examples: { tasks: TASK_SHAPE, pattern: PATTERN_SHAPE, workflow: WORKFLOW_SHAPE },
  output: z.object({ ...TaskList.shape, ...DecompositionHelp.shape }),
  readOnly: true,
  async run(input, context) {
    const { request, run_id, base } = input;
    const repo = input.repo ?? context.defaultRepository;
    if (sourcesOf(input).length === 0) {
      return help(await context.orchestrator.helpDecompose({ request, run_id, repo, base }));
    }
    const work = await workFor(input, repo, context);
    if (!work.ok) return work;
    const done = await context.orchestrator.decompose({ request, run_id, repo, base, work: work.value });
    if (!done.ok) return done;
    const { run, list } = done.value;
    const warnings = run.warnings.map((warning) => `. Note: ${warning}`).join("");
    const next = nextOf(context.orchestrator, run.run_id);
    const summary = `${list.total_tasks} tasks, ${list.estimated_total_time_sequential} one after the other${warnings}`;
    return ok({ summary, run_id: run.run_id, phase: "phase_1_decompose" as const, next, ...list });
  },
});

function help(found: Result<DecompositionHelp>): Result<Answer> {
  if (!found.ok) return found;
  const { modules, partitions, looked_at } = found.value;
  const [best] = partitions;
  const fastest =
    best === undefined
      ? ""
      : `; of ${partitions.length} partitions "${best.name}" is the fastest: ${best.tasks} tasks, ${best.estimated_speedup} times as fast as one by one`;
  const summary = `Looked at ${looked_at}, in ${modules.length} modules${fastest}. Now call decompose_work with tasks of your own, or with the pattern of a partition`;
  return ok({ summary, phase: "phase_1_decompose" as const, ...found.value });
}

interface Sources {
  tasks?: unknown[] | undefined;
  task_files?: string[] | undefined;
  pattern?: unknown;
  workflow?: z.infer<typeof AskedWorkflow> | undefined;
}

function sourcesOf({ tasks, task_files, pattern, workflow }: Sources): unknown[] {
  return [tasks, task_files, pattern, workflow].filter((source) => source !== undefined);
}

async function workFor(input: Sources, repo: string, context: ToolContext): Promise<Result<Work>> {
  const { tasks, task_files, pattern, workflow } = input;
  if (sourcesOf(input).length > 1) {
    return err(failure("invalid_tasks", "give exactly one of tasks, task_files, pattern and workflow", TASK_SHAPE));
  }
  if (pattern !== undefined) return readPattern(pattern);
  if (workflow !== undefined) {
    const { id, ...rest } = workflow;
    return readWorkflow({ workflow: id, ...rest }, repo, context);
  }
  if (task_files === undefined) return ok({ tasks: tasks ?? [] });
  const read = await context.readTaskFiles(task_files, repo);
  if (!read.ok) return read;
  if (read.value.orchestration !== undefined) return readWorkflow(read.value.orchestration, repo, context);
  return ok({ tasks: read.value.tasks });
}

/** A client may name issue files inside the repository only. */
async function readWorkflow(given: unknown, repo: string, { orchestrator }: ToolContext): Promise<Result<Work>> {
  const root = await orchestrator.sources.root(repo);
  if (!root.ok) return root;
  const place = { repository: root.value, folder: root.value, confined: true };
  const workflow = await orchestrator.sources.resolveWorkflow(given, place);
  if (workflow.ok) return ok({ workflow: workflow.value });
  return err({ ...workflow.error, hint: `${workflow.error.hint}; as an argument: ${WORKFLOW_SHAPE}` });
}

function readPattern(given: unknown): Result<Work> {
  const parsed = WorkPattern.safeParse(given);
  if (parsed.success) return ok({ pattern: parsed.data });
  const [issue] = parsed.error.issues;
  const field = ["pattern", ...(issue?.path ?? [])].join(".");
  return err(failure("invalid_tasks", `${field}: ${issue?.message}`, PATTERN_SHAPE));
}
