/** Phase 0, action 4: what the graph holds ready for the task type's agent: its cross references, the categories it consumes, what agents share. */
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import { resolveTarget } from "./resolve-target.ts";
import type { WantedFile } from "./wanted-file.ts";

const MAX_ABOUT = 200;

export interface AgentKnowledge {
  recommended: WantedFile[];
  notes: string[];
}

/** `"ALL"` stands for every agent, one that the graph does not name included. */
export function agentKnowledge(graph: KnowledgeGraph, agent: string | undefined): AgentKnowledge {
  const found: AgentKnowledge = { recommended: [], notes: [] };
  addCrossReferences(graph, agent, found);
  for (const [id, category] of Object.entries(graph.knowledge_categories)) {
    if (!isFor(category.consumers, agent)) continue;
    const reason = `of the category ${JSON.stringify(id)}, which is for ${category.consumers === "ALL" ? "all agents" : agent}`;
    found.recommended.push(...resolveTarget(id, graph).paths.map((path) => ({ path, reason })));
  }
  for (const [key, { agents, description }] of Object.entries(graph.shared_knowledge)) {
    const told = graph.auto_inject_rules.some((rule) => rule.inject === key);
    if (told || !isFor(agents, agent)) continue;
    const about = (description || key).slice(0, MAX_ABOUT);
    found.notes.push(`shared knowledge ${JSON.stringify(key)}: ${JSON.stringify(about)}`);
  }
  return found;
}

function addCrossReferences(graph: KnowledgeGraph, agent: string | undefined, found: AgentKnowledge): void {
  if (agent === undefined || !Object.hasOwn(graph.cross_references, agent)) return;
  for (const id of graph.cross_references[agent]?.knowledge_needed ?? []) {
    const { paths, note } = resolveTarget(id, graph);
    const reason = `needed by ${agent} according to the cross references`;
    found.recommended.push(...paths.map((path) => ({ path, reason })));
    if (note !== undefined) found.notes.push(`cross reference ${JSON.stringify(id)} of ${agent} ${note}`);
  }
}

function isFor(agents: string[] | "ALL", agent: string | undefined): boolean {
  return agents === "ALL" || (agent !== undefined && agents.includes(agent));
}
