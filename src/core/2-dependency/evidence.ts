/** Phase 2.2 — what the code says about the tasks, as values: gathered before, judged in the analysis. */
import type { Edge, UnreadFile } from "../model/dependency-graph.ts";
import type { Suggestion } from "../model/task-list.ts";

export interface Evidence {
  /** inferred edges: `symbol`, `import`, `knowledge`, `history` */
  edges: Edge[];
  coverage: Record<string, string>;
  unread: UnreadFile[];
  suggestions: Suggestion[];
}

export const NO_EVIDENCE: Evidence = { edges: [], coverage: { "*": "file" }, unread: [], suggestions: [] };
