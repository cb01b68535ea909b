/** Phase 2.2 — what a knowledge graph in the repository says about the tasks' files: a preference unless the client lets it order. */
import type { CodeIndex } from "../code/code-index.ts";
import { GRAPH_FILES, type KnowledgeEdge, readKnowledgeEdges, unsupportedGraphs } from "../code/knowledge-edges.ts";
import type { Edge, UnreadFile } from "../model/dependency-graph.ts";
import type { TaskFiles } from "./task-files.ts";

const CONFIDENCE = 0.5;
const NO_TEXT = "too large, or its content is not in this clone, or damaged";

export interface KnowledgeLinks {
  edges: Edge[];
  unread: UnreadFile[];
}

/** Files that are there and say nothing we can read are named; a routing table of task types is phase 0's and not ours. */
export async function knowledgeLinks(tasks: TaskFiles[], index: CodeIndex): Promise<KnowledgeLinks> {
  const unread: UnreadFile[] = unsupportedGraphs(index.files.paths).map((one) => ({ ...one, status: "skipped" }));
  const edges = new Map<string, Edge>();
  for (const path of GRAPH_FILES.filter((file) => index.files.has(file))) {
    const text = await index.text(path);
    if (text === undefined) unread.push({ path, status: "skipped", reason: NO_TEXT });
    const found = text === undefined ? undefined : readKnowledgeEdges(text, (file) => index.files.has(file));
    for (const edge of found ?? []) addEdges(edges, { path, edge, tasks });
  }
  return { edges: [...edges.values()], unread };
}

function addEdges(
  edges: Map<string, Edge>,
  { path, edge, tasks }: { path: string; edge: KnowledgeEdge; tasks: TaskFiles[] },
): void {
  const changers = tasks.filter((one) => one.changes.has(edge.to) && !one.scope.has(edge.from));
  const users = tasks.filter((one) => one.scope.has(edge.from) && !one.scope.has(edge.to));
  for (const from of changers) {
    for (const to of users) {
      const key = `${from.task.id}\n${to.task.id}`;
      if (from === to || edges.has(key)) continue;
      const why = `${path} says: ${edge.from} ${edge.relation} ${edge.to}, which ${from.task.id} may change`;
      edges.set(key, { from: from.task.id, to: to.task.id, kind: "knowledge", confidence: CONFIDENCE, why });
    }
  }
}
