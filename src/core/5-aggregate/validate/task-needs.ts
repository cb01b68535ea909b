/** Phase 5.3 — which results build on which: without these they make no sense, and leave the combination together with them. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { RepositoryReader } from "../../ports/repository.ts";
import { sameEntry } from "../find-overlap.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";

/**
 * Task id → all it builds on, directly or not: declared and inferred dependencies, and tasks whose version of a file was there when
 * it began and was changed on by it.
 */
export async function taskNeeds(
  repository: RepositoryReader,
  base: string,
  { accepted, graph }: { accepted: AcceptedTask[]; graph: DependencyGraph },
): Promise<Map<string, Set<string>>> {
  const direct = new Map<string, Set<string>>();
  for (const task of accepted) {
    const inherited = await inheritedFiles(repository, base, task);
    const makers = accepted.filter((other) => other !== task && other.files.some((file) => inherited.has(file)));
    direct.set(task.task.id, new Set([...(graph.tasks[task.task.id] ?? []), ...makers.map(({ task }) => task.id)]));
  }
  return new Map([...direct.keys()].map((id) => [id, reachable(id, direct)]));
}

/** Files the task changed that were another version than the run's base already when it began. */
async function inheritedFiles(repository: RepositoryReader, base: string, task: AcceptedTask): Promise<Set<string>> {
  if (task.base === base) return new Set();
  const before = new Map((await repository.changes(base, task.base)).map((change) => [change.path, change.after]));
  const own = await repository.changes(task.base, task.source);
  const inherited = own.filter(({ path, before: found }) => before.has(path) && sameEntry(before.get(path), found));
  return new Set(inherited.map((change) => change.path));
}

function reachable(start: string, direct: Map<string, Set<string>>): Set<string> {
  const found = new Set<string>();
  const waiting = [...(direct.get(start) ?? [])];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === start || found.has(id) || !direct.has(id)) continue;
    found.add(id);
    waiting.push(...(direct.get(id) ?? []));
  }
  return found;
}
