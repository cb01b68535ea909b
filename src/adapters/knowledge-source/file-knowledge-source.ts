/** Phase 0: knowledge from files, in folders that the operator named and nowhere else. */
import { join } from "node:path";
import { pathProblem } from "../../core/model/scope-pattern.ts";
import type { KnowledgeSource } from "../../core/ports/knowledge-source.ts";
import { readFiles } from "./read-files.ts";
import { GRAPH_NAME, readGraph } from "./read-graph.ts";
import { watchPlaces } from "./watch-places.ts";

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
    watch: (what, changed) => watchPlaces(placesOf(what, places), changed),
  };
}

/** Where it is, or would be; a path that leaves the roots is nowhere. */
function placesOf(what: { graph: true } | { path: string }, { graph, roots }: KnowledgePlaces): string[] {
  if ("graph" in what) return graph === undefined ? roots.map((root) => join(root, GRAPH_NAME)) : [graph];
  return pathProblem(what.path) === undefined ? roots.map((root) => join(root, what.path)) : [];
}
