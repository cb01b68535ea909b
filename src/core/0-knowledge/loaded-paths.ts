/** Phase 0.5 — what a run has loaded so far, so that a second call does not load it again. */
import type { KnowledgeContext } from "../model/knowledge-context.ts";

/** Paths of all loaded files, earlier calls included. */
export function loadedPaths(context: KnowledgeContext | undefined): string[] {
  if (context === undefined) return [];
  const { required, recommended, already_loaded } = context.knowledge;
  return [...new Set([...already_loaded, ...[...required, ...recommended].map((file) => file.path)])];
}
