/** Phase 0: knowledge from files, in folders that the operator named and nowhere else. */
import type { KnowledgeSource } from "../../core/ports/knowledge-source.ts";
import { readFiles } from "./read-files.ts";
import { readGraph } from "./read-graph.ts";

export interface KnowledgePlaces {
  /** absolute path of the graph; without it the first `knowledge_graph.json` in the roots is taken */
  graph?: string | undefined;
  /** absolute paths, searched in this order */
  roots: string[];
}

export function fileKnowledgeSource(places: KnowledgePlaces): KnowledgeSource {
  return {
    graph: () => readGraph(places.graph, places.roots),
    files: (path) => readFiles(places.roots, path),
  };
}
