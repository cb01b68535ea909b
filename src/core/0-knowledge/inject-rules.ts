/** Phase 0, action 3: files that the graph's auto-inject rules add for this task type or its agent ("cross-agent knowledge"). */
import type { InjectRule, KnowledgeGraph } from "../model/knowledge-graph.ts";
import { type ConditionTerm, readCondition } from "./read-condition.ts";
import { resolveTarget } from "./resolve-target.ts";
import type { WantedFile } from "./wanted-file.ts";

export interface Chosen {
  task_type: string;
  primary_agent?: string | undefined;
}

export interface Injection {
  required: WantedFile[];
  recommended: WantedFile[];
  notes: string[];
}

/** A rule that cannot be read, or whose target brings no file, becomes a note; it never stops the phase. */
export function injectRules(graph: KnowledgeGraph, chosen: Chosen): Injection {
  const injection: Injection = { required: [], recommended: [], notes: [] };
  for (const rule of graph.auto_inject_rules) {
    const terms = readCondition(rule.condition);
    if (terms === undefined) injection.notes.push(unreadable(rule));
    else if (terms.some((term) => holds(term, chosen))) apply(rule, graph, injection);
  }
  return injection;
}

function holds(term: ConditionTerm, chosen: Chosen): boolean {
  const value = chosen[term.field];
  return value !== undefined && term.values.includes(value);
}

function apply(rule: InjectRule, graph: KnowledgeGraph, injection: Injection): void {
  const { paths, note } = resolveTarget(rule.inject, graph);
  const reason = `injected by the rule ${JSON.stringify(rule.condition)}`;
  injection[rule.priority].push(...paths.map((path) => ({ path, reason })));
  if (note !== undefined) injection.notes.push(`auto-inject target ${JSON.stringify(rule.inject)} ${note}`);
}

function unreadable(rule: InjectRule): string {
  const grammar = "`task_type == 'a' OR task_type == 'b'` or `primary_agent IN ['x', 'y']`";
  return `auto-inject rule ${JSON.stringify(rule.condition)} is not understood and was passed over; write ${grammar}`;
}
