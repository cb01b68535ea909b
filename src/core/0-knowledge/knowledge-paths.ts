/** Phase 0.5 — the loaded knowledge as the list of paths an agent should read first. */
import type { KnowledgeContext } from "../model/knowledge-context.ts";

export function knowledgePaths(context: KnowledgeContext | undefined): string[] {
  if (context === undefined) return [];
  return [...context.knowledge.required, ...context.knowledge.recommended].map((file) => file.path);
}
