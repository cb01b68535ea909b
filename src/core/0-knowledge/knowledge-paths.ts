/** Phase 0.5 — the loaded knowledge as the list of paths an agent should read first. */
import type { KnowledgeContext } from "../model/knowledge-context.ts";

/** Everything loaded in the run so far, earlier calls included. */
export function knowledgePaths(context: KnowledgeContext | undefined): string[] {
  if (context === undefined) return [];
  const { required, recommended, already_loaded } = context.knowledge;
  return [...new Set([...already_loaded, ...[...required, ...recommended].map((file) => file.path)])];
}
