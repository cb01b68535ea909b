/** Where knowledge files come from: a graph and folders the operator named; nothing outside them is readable. */
import type { Result } from "../model/result.ts";

export interface KnowledgeEntry {
  /** path as the graph writes it */
  path: string;
  size_bytes: number;
  text: string;
}

export interface KnowledgeSource {
  /** The graph's own location and text, or undefined when there is none. Fails when it exists and cannot be read. */
  graph(): Promise<Result<{ location: string; text: string } | undefined>>;
  /** The files behind `path`, looked for in every root in order; a folder gives its files, sorted. Empty when nothing is there. */
  files(path: string): Promise<KnowledgeEntry[]>;
  /** Calls `changed` when the graph or the file is another one on disk; until the returned function is called. */
  watch(what: { graph: true } | { path: string }, changed: () => void): () => void;
}
