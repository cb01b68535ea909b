import { describe, expect, test } from "vitest";
import { injectRules } from "../../../src/core/0-knowledge/inject-rules.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";

const GRAPH = KnowledgeGraph.parse({
  task_types: {},
  knowledge_categories: { style: { base_path: "guides", files: ["tone.md", "dates.md"] } },
  auto_inject_rules: [
    { condition: "task_type == 'a' OR task_type == 'b'", inject: "style.tone", priority: "required" },
    { condition: "primary_agent IN ['x','y']", inject: "style", priority: "recommended" },
    { condition: "primary_agent IN ['y']", inject: "nowhere" },
    { condition: "when I say so", inject: "style" },
  ],
});

const NOT_UNDERSTOOD =
  'auto-inject rule "when I say so" is not understood and was passed over; ' +
  "write `task_type == 'a' OR task_type == 'b'` or `primary_agent IN ['x', 'y']`";

describe("injectRules", () => {
  test("a rule adds its files with its own priority and says which rule it was", () => {
    const byAgent = "injected by the rule \"primary_agent IN ['x','y']\"";
    expect(injectRules(GRAPH, { task_type: "b", primary_agent: "y" })).toEqual({
      required: [{ path: "guides/tone.md", reason: "injected by the rule \"task_type == 'a' OR task_type == 'b'\"" }],
      recommended: [
        { path: "guides/tone.md", reason: byAgent },
        { path: "guides/dates.md", reason: byAgent },
      ],
      notes: ['auto-inject target "nowhere" names nothing in the graph; known: style', NOT_UNDERSTOOD],
    });
  });

  test("rules for other types and agents add nothing", () => {
    expect(injectRules(GRAPH, { task_type: "c" })).toEqual({ required: [], recommended: [], notes: [NOT_UNDERSTOOD] });
  });
});
