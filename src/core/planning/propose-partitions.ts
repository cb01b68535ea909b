/** Phases 1 to 3 in rehearsal: ways to cut the same work, each planned as if it were the run's, so that they can be compared. */
import { decompose } from "../1-decompose/decompose.ts";
import type { BaseSurvey } from "../1-decompose/pattern/base-survey.ts";
import { tasksFromPattern } from "../1-decompose/pattern/tasks-from-pattern.ts";
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { gatherEvidence } from "../2-dependency/gather-evidence.ts";
import { planBatches } from "../3-batch/plan-batches.ts";
import { parseScope, scopeContains } from "../boundary/scope.ts";
import type { Partition } from "../model/decomposition-help.ts";
import { parseDuration } from "../model/duration.ts";
import type { Task } from "../model/task.ts";
import { WorkPattern } from "../model/work-pattern.ts";
import type { Begun } from "../run/begin-run.ts";

/** More are not planned for comparison: the answer must not take minutes. */
const MOST_FILES = 6_000;
const FEWEST = 3;
/** Beyond this only as many are planned as it takes to have a choice. */
const LONGEST_MS = 8_000;
const COUPLED_MINUTES = [30, 15];

export interface Partitioned {
  description: string;
  include: string[];
  files: string[];
  edges: { from: string; to: string }[];
  /** the clock that cuts a search off */
  now(): number;
}

/** At least three where there are files for them; the fastest first, the fewer tasks where two are as fast. */
export async function proposePartitions(work: Partitioned, begun: Begun, base: BaseSurvey): Promise<Partition[]> {
  if (work.files.length > MOST_FILES || work.files.length === 0) return [];
  const found: Partition[] = [];
  const began = work.now();
  for (const [name, pattern] of candidates(work)) {
    if (found.length >= FEWEST && work.now() - began > LONGEST_MS) break;
    const partition = await compared({ name, pattern, work }, begun, base);
    if (partition !== undefined) found.push(partition);
  }
  return found.sort((a, b) => timeOf(a) - timeOf(b) || a.tasks - b.tasks);
}

function timeOf(partition: Partition): number {
  return parseDuration(partition.estimated_parallel_time) ?? 0;
}

function candidates({ description, include }: Partitioned): [string, WorkPattern][] {
  const pattern = (rest: Partial<WorkPattern>): WorkPattern =>
    WorkPattern.parse({ kind: "file", description, include, ...rest });
  return [
    ["modules by folder", pattern({ kind: "module" })],
    ["neighbouring files, up to 15", pattern({ per_task: 15 })],
    ...COUPLED_MINUTES.map((minutes): [string, WorkPattern] => [
      `modules by coupling, ${minutes} minutes at most`,
      pattern({ kind: "module", by: "coupling", minutes }),
    ]),
    ["a file each", pattern({ per_task: 1 })],
  ];
}

async function compared(
  { name, pattern, work }: { name: string; pattern: WorkPattern; work: Partitioned },
  { run, repository, code }: Begun,
  base: BaseSurvey,
): Promise<Partition | undefined> {
  const proposed = await tasksFromPattern(pattern, base);
  if (!proposed.ok) return undefined;
  const baseFiles = await repository.files(run.base_commit);
  const list = decompose({ tasks: proposed.value, settings: run.settings, baseFiles, lfsPaths: new Set() });
  if (!list.ok) return undefined;
  const evidence = await gatherEvidence(list.value.tasks, { repository, ...code, commit: run.base_commit });
  const graph = analyzeDependencies(list.value, run.settings.same_file, { evidence });
  if (!graph.ok) return undefined;
  const { max_parallel, pools, mode, objective } = run.settings;
  const parts = { list: list.value, graph: graph.value, now: work.now };
  const planned = planBatches({ ...parts, max_parallel, pools, mode, objective });
  if (!planned.ok) return undefined;
  const plan = planned.value;
  const { kind, by, minutes, per_task, include, description } = pattern;
  return {
    name,
    pattern: {
      kind,
      ...(kind === "module" ? { by, minutes } : { per_task }),
      ...(include.length === 0 ? {} : { include }),
      description,
    },
    tasks: list.value.total_tasks,
    batches: plan.total_batches,
    estimated_parallel_time: plan.estimated_parallel_time,
    estimated_sequential_time: plan.estimated_sequential_time,
    estimated_speedup: plan.estimated_speedup,
    imports_across: importsAcross(list.value.tasks, work),
  };
}

function importsAcross(tasks: Task[], { files, edges }: Partitioned): number {
  const scopes = tasks.map((task) => task.files.map(parseScope));
  const owner = new Map(
    files.map((path) => [path, scopes.findIndex((scope) => scope.some((entry) => scopeContains(entry, path)))]),
  );
  return edges.filter(({ from, to }) => owner.get(from) !== owner.get(to)).length;
}
