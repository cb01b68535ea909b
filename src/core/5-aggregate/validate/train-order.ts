/** Phase 5.3 — the order in which results are suspected: what touches nobody else's work first, a task always after those it builds on. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { AcceptedTask } from "../merge/accepted-task.ts";

const RISK = { low: 0, medium: 1, high: 2 } as const;
const DELICATE = /(^|\/)(package\.json|pyproject\.toml|go\.mod|Cargo\.toml|pom\.xml|tsconfig[^/]*\.json|\.env[^/]*)$/;

/** More than any suspicion adds up to. */
const LAST = 1_000_000;

/** `needs`: task id → the tasks of the train it builds on. `last` come after all others. Equal suspicion keeps the merge order. */
export function trainOrder(
  tasks: AcceptedTask[],
  { graph, needs, last }: { graph: DependencyGraph; needs: Map<string, Set<string>>; last: Set<string> },
): AcceptedTask[] {
  const rank = (task: AcceptedTask): number => riskOf(task, tasks, graph) + (last.has(task.task.id) ? LAST : 0);
  const risk = new Map(tasks.map((task) => [task.task.id, rank(task)]));
  const waiting = [...tasks].sort((a, b) => (risk.get(a.task.id) ?? 0) - (risk.get(b.task.id) ?? 0));
  const ordered: AcceptedTask[] = [];
  const placed = new Set<string>();
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ task }) => [...(needs.get(task.id) ?? [])].every((id) => placed.has(id)));
    const [next] = waiting.splice(Math.max(0, free), 1);
    if (next === undefined) break;
    ordered.push(next);
    placed.add(next.task.id);
  }
  return ordered;
}

/** Files shared with others weigh most, then what the code says of the two, then delicate files, declared risk and size. */
function riskOf({ task, files, lines }: AcceptedTask, all: AcceptedTask[], { edges }: DependencyGraph): number {
  const own = new Set(files);
  const sharing = all.filter((other) => other.task.id !== task.id && other.files.some((file) => own.has(file))).length;
  const linked = edges
    .filter((edge) => edge.kind !== "scope" && (edge.from === task.id || edge.to === task.id))
    .reduce((sum, edge) => sum + edge.confidence, 0);
  const delicate = files.some((file) => DELICATE.test(file)) ? 2 : 0;
  return 3 * sharing + linked + delicate + RISK[task.risk_level] + Math.log2(1 + lines) / 4;
}
