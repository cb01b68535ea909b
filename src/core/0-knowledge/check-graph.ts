/** Unresolved references of a knowledge graph, for the people who keep it: none of them stops a run, but each is knowledge that is not read. */
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import { pathProblem } from "../model/scope-pattern.ts";
import type { KnowledgeSource } from "../ports/knowledge-source.ts";
import { foldText } from "./contains-phrase.ts";
import { readCondition } from "./read-condition.ts";
import { resolveTarget } from "./resolve-target.ts";
import { plainPath } from "./wanted-file.ts";

export interface GraphFinding {
  /** place in the graph, such as `task_types.bug_fixing.required_knowledge[0]` */
  where: string;
  problem: string;
}

/** In the order of the graph. */
export async function checkGraph(graph: KnowledgeGraph, source: KnowledgeSource): Promise<GraphFinding[]> {
  return [
    ...(await missingFiles(graph, source)),
    ...unreadRules(graph),
    ...unknownReferences(graph),
    ...sharedTriggers(graph),
  ];
}

async function missingFiles(graph: KnowledgeGraph, source: KnowledgeSource): Promise<GraphFinding[]> {
  const found: GraphFinding[] = [];
  const known = new Map<string, boolean>();
  for (const [where, path] of wantedPaths(graph)) {
    const plain = plainPath(path);
    const problem = pathProblem(plain.replace(/\/$/, ""));
    if (problem === undefined && !known.has(plain)) known.set(plain, (await source.files(plain)).length > 0);
    if (problem !== undefined) found.push({ where, problem: `${JSON.stringify(path)} ${problem}` });
    else if (known.get(plain) === false)
      found.push({ where, problem: `${JSON.stringify(path)} is in no knowledge root` });
  }
  return found;
}

function wantedPaths(graph: KnowledgeGraph): [where: string, path: string][] {
  const types = Object.entries(graph.task_types).flatMap(([name, type]) =>
    (["required_knowledge", "recommended_knowledge"] as const).flatMap((list) =>
      type[list].map((path, index): [string, string] => [`task_types.${name}.${list}[${index}]`, path]),
    ),
  );
  const categories = Object.entries(graph.knowledge_categories).flatMap(([id, { base_path, files }]) =>
    files.map((file, index): [string, string] => {
      return [
        `knowledge_categories.${id}.files[${index}]`,
        plainPath(base_path === "" ? file : `${base_path}/${file}`),
      ];
    }),
  );
  return [...types, ...categories];
}

function unreadRules(graph: KnowledgeGraph): GraphFinding[] {
  return graph.auto_inject_rules.flatMap(({ condition, inject }, index) => {
    const where = `auto_inject_rules[${index}]`;
    const found: GraphFinding[] = [];
    if (readCondition(condition) === undefined) {
      const grammar = "`task_type == 'a' OR task_type == 'b'` or `primary_agent IN ['x', 'y']`";
      found.push({
        where: `${where}.condition`,
        problem: `${JSON.stringify(condition)} is not understood: write ${grammar}`,
      });
    }
    const { note } = resolveTarget(inject, graph);
    if (note !== undefined) found.push({ where: `${where}.inject`, problem: `${JSON.stringify(inject)} ${note}` });
    return found;
  });
}

function unknownReferences(graph: KnowledgeGraph): GraphFinding[] {
  return Object.entries(graph.cross_references).flatMap(([agent, { knowledge_needed }]) =>
    knowledge_needed.flatMap((id, index) => {
      const { note } = resolveTarget(id, graph);
      const where = `cross_references.${agent}.knowledge_needed[${index}]`;
      return note === undefined ? [] : [{ where, problem: `${JSON.stringify(id)} ${note}` }];
    }),
  );
}

/** Two task types with the same trigger tie on every request that has no other. */
function sharedTriggers(graph: KnowledgeGraph): GraphFinding[] {
  const users = new Map<string, Set<string>>();
  for (const [name, { triggers }] of Object.entries(graph.task_types)) {
    for (const trigger of triggers) {
      const folded = foldText(trigger);
      users.set(folded, (users.get(folded) ?? new Set()).add(name));
    }
  }
  return [...users]
    .filter(([, names]) => names.size > 1)
    .map(([trigger, names]) => {
      const problem = `the trigger ${JSON.stringify(trigger)} stands in ${[...names].join(", ")}: a request with it alone is ambiguous`;
      return { where: "task_types", problem };
    });
}
