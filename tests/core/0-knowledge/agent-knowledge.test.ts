import { describe, expect, test } from "vitest";
import { agentKnowledge } from "../../../src/core/0-knowledge/agent-knowledge.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";

const GRAPH = KnowledgeGraph.parse({
  task_types: {},
  knowledge_categories: {
    style: { base_path: "guides", files: ["tone.md"], consumers: "ALL" },
    prompts: { files: ["prompts.md"], consumers: ["writer", "editor"] },
    ledger: { files: ["ledger.md"], consumers: [] },
  },
  cross_references: {
    editor: { depends_on: ["writer"], knowledge_needed: ["ledger", "nowhere"] },
  },
  auto_inject_rules: [{ condition: "task_type == 'x'", inject: "PLATFORMS" }],
  shared_knowledge: {
    HARBOURS: { description: "The names of the harbours", agents: "ALL" },
    TIDES: { description: "When the sea rises", agents: ["writer"] },
    PLATFORMS: { description: "Told by a rule", agents: "ALL" },
  },
});

function told(agent: string | undefined) {
  const { recommended, notes } = agentKnowledge(GRAPH, agent);
  return { paths: recommended.map((wanted) => wanted.path), notes };
}

describe("agentKnowledge", () => {
  test("an agent gets what its cross references need and the categories it consumes; what names nothing is a note", () => {
    expect(told("editor")).toEqual({
      paths: ["ledger.md", "guides/tone.md", "prompts.md"],
      notes: [
        'cross reference "nowhere" of editor names nothing in the graph; known: HARBOURS, PLATFORMS, TIDES, ledger, prompts, style',
        'shared knowledge "HARBOURS": "The names of the harbours"',
      ],
    });
  });

  test('"ALL" means every agent, one without a name too', () => {
    const everyone = { paths: ["guides/tone.md"], notes: ['shared knowledge "HARBOURS": "The names of the harbours"'] };
    expect(told(undefined)).toEqual(everyone);
    expect(told("constructor")).toEqual(everyone);
  });

  test("every file says why it is offered", () => {
    expect(agentKnowledge(GRAPH, "editor").recommended.map((wanted) => wanted.reason)).toEqual([
      "needed by editor according to the cross references",
      'of the category "style", which is for all agents',
      'of the category "prompts", which is for editor',
    ]);
  });
});
