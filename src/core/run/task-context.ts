/** Task context, from the record alone: the same record gives the same brief, whoever asks and however often. */
import { knowledgeForTask } from "../0-knowledge/knowledge-for-task.ts";
import type { TaskContext } from "../4-execute/execute-ports.ts";
import { grownTask } from "../boundary/grown-task.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";

export function taskContextOf(runId: string, task: Task, { store }: Pick<OrchestratorPorts, "store">): TaskContext {
  const requests = store.scopeRequests(runId);
  const tasks = store.artefact(runId, "task_list")?.tasks ?? [];
  const graph = store.artefact(runId, "dependency_graph");
  const batches = store.artefact(runId, "execution_plan")?.batches ?? [];
  const mates = new Set(batches.find((batch) => batch.tasks.includes(task.id))?.tasks);
  const related = relatives(task.id, graph);
  const needs = new Set([...(graph?.tasks[task.id] ?? []), ...task.depends_on]);
  const attempts = store.attempts(runId);
  const changed = (id: string): string[] =>
    attempts.findLast((attempt) => attempt.task_id === id && attempt.state === "accepted")?.change?.files ?? [];
  const isDone = (id: string): boolean =>
    !attempts.some((attempt) => attempt.task_id === id) ||
    attempts.some((attempt) => attempt.task_id === id && attempt.state === "accepted");
  return {
    knowledge: knowledgeForTask(store.artefact(runId, "knowledge_context"), task),
    before: tasks
      .filter(({ id }) => needs.has(id) && (task.depends_on.includes(id) || isDone(id)))
      .map(({ id, description }) => ({ task_id: id, description, files: changed(id) })),
    neighbours: tasks
      .filter(({ id }) => mates.has(id) && id !== task.id && !related.has(id))
      .map((other) => ({
        task_id: other.id,
        description: other.description,
        files: grownTask(other, requests).files,
      })),
    requests: requests.filter((request) => request.task_id === task.id),
  };
}

/** Tasks that never run at the same moment: everything before and everything after, however far. */
function relatives(id: string, graph: DependencyGraph | undefined): Set<string> {
  const needs = graph?.tasks ?? {};
  const users = new Map<string, string[]>();
  for (const [user, list] of Object.entries(needs)) {
    for (const needed of list) users.set(needed, [...(users.get(needed) ?? []), user]);
  }
  const reach = (next: (id: string) => string[]): Set<string> => {
    const seen = new Set<string>();
    const pending = [...next(id)];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      pending.push(...next(at));
    }
    return seen;
  };
  return new Set([...reach((at) => needs[at] ?? []), ...reach((at) => users.get(at) ?? [])]);
}
