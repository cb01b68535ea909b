/** Phase 0 without a run: a repository's knowledge as it lies there, looked at, checked and tried out. */
import { checkGraph, type GraphFinding } from "../0-knowledge/check-graph.ts";
import { loadKnowledge } from "../0-knowledge/load-knowledge.ts";
import { parseKnowledgeGraph } from "../0-knowledge/parse-graph.ts";
import type { KnowledgeContext } from "../model/knowledge-context.ts";
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import { ok, type Result } from "../model/result.ts";
import type { KnowledgeSource } from "../ports/knowledge-source.ts";

/** A knowledge graph with the file it was read from. */
interface LocatedGraph {
  location: string;
  graph: KnowledgeGraph;
}

export class RepositoryKnowledge {
  readonly #source: KnowledgeSource;

  constructor(source: KnowledgeSource) {
    this.#source = source;
  }

  /** True where a graph can be read, whatever it says. */
  async hasGraph(): Promise<boolean> {
    const found = await this.#source.graph();
    return found.ok && found.value !== undefined;
  }

  /** The graph; undefined where there is none, a failure where it is no routing table. */
  async graph(): Promise<Result<LocatedGraph | undefined>> {
    const found = await this.#source.graph();
    if (!found.ok) return found;
    if (found.value === undefined) return ok(undefined);
    const { text, location } = found.value;
    const graph = parseKnowledgeGraph(text, location);
    return graph.ok ? ok({ location, graph: graph.value }) : graph;
  }

  /** Places of the graph that do not resolve, in its order. */
  async check(graph: KnowledgeGraph): Promise<GraphFinding[]> {
    return checkGraph(graph, this.#source);
  }

  /** The text of a file in the knowledge folders. */
  async file(path: string): Promise<string | undefined> {
    const [file] = await this.#source.files(path);
    return file?.text;
  }

  /** The context that phase 0 would load for the request; nothing is stored. */
  async load(request: string): Promise<Result<KnowledgeContext>> {
    return loadKnowledge({ request }, this.#source);
  }

  /** Calls `changed` when the graph or the file is another one on disk; until the returned function is called. */
  watch(what: { graph: true } | { path: string }, changed: () => void): () => void {
    return this.#source.watch(what, changed);
  }
}
