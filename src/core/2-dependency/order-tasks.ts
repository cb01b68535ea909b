/** Phase 2.3 — which inferred edges order the tasks: all that no declared order contradicts and that form no circle with each other. */
import type { Edge, InferredCycle, OrderingKind } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import { strongComponents } from "./strong-components.ts";
import { idOf, nodeOf, type TaskGraph, taskGraph } from "./task-graph.ts";

export interface Order {
  /** inferred edges, `orders` set where they count */
  edges: Edge[];
  /** condensed: tasks that use each other's changes */
  cycles: InferredCycle[];
  /** edges inside a cycle: these pairs must not run side by side */
  apart: Edge[];
}

export function orderTasks(tasks: Task[], inferred: Edge[], kinds: readonly OrderingKind[]): Order {
  const allowed = new Set<string>(kinds);
  const declared = taskGraph(tasks);
  const candidates = inferred.filter((edge) => allowed.has(edge.kind));
  const contradicted = new Set(candidates.filter((edge) => reaches(declared, nodeOf(edge.to), nodeOf(edge.from))));
  const open = candidates.filter((edge) => !contradicted.has(edge));
  const all = taskGraph(
    tasks,
    open.map((edge) => ({ ...edge, orders: true })),
  );
  const component = componentOf(all);
  const apart = open.filter((edge) => component.get(edge.from) === component.get(edge.to));
  const circular = new Set(apart);
  const ordering = new Set(open.filter((edge) => !circular.has(edge)));
  const edges = inferred.map((edge) => {
    if (contradicted.has(edge)) return { ...edge, why: `${edge.why}; the declared order is the other way round` };
    return ordering.has(edge) ? { ...edge, orders: true } : edge;
  });
  return { edges, cycles: cyclesOf(tasks, apart, component), apart };
}

function reaches(graph: TaskGraph, from: string, to: string): boolean {
  const seen = new Set([from]);
  const pending = [from];
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    if (here === to) return true;
    for (const next of graph.outNeighbors(here)) {
      if (seen.has(next)) continue;
      seen.add(next);
      pending.push(next);
    }
  }
  return false;
}

function componentOf(graph: TaskGraph): Map<string, number> {
  return new Map(
    strongComponents(graph).flatMap((nodes, number) => nodes.map((node) => [idOf(node), number] as const)),
  );
}

/** Tasks in the order of the list; every reason the circle is made of, and what to do about it. */
function cyclesOf(tasks: Task[], circular: Edge[], component: Map<string, number>): InferredCycle[] {
  const numbers = [...new Set(tasks.map((task) => component.get(task.id)))];
  return numbers.flatMap((number) => {
    const edges = circular.filter((edge) => component.get(edge.from) === number);
    if (edges.length === 0) return [];
    const ids = tasks.map((task) => task.id).filter((id) => component.get(id) === number);
    const [first, second] = [edges[0]?.from ?? "", edges[0]?.to ?? ""];
    const proposal =
      `make ${ids.join(", ")} one task; or say which goes first (for example depends_on: [${first}] on ${second}); ` +
      "or name in `modifies` what each really changes; or split the file both sides use";
    return [{ tasks: ids, why: edges.map((edge) => `${edge.to} needs ${edge.from}: ${edge.why}`), proposal }];
  });
}
