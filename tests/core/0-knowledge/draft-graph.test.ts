import { describe, expect, test } from "vitest";
import { draftGraph } from "../../../src/core/0-knowledge/draft-graph.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";

const PATHS = [
  "AGENTS.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "LICENSE.md",
  "README.md",
  "docs/architecture.md",
  "docs/decisions/001-store.md",
  "docs/decisions/002-lanes.md",
  "docs/style-guide.md",
  "docs/testing.md",
  "docs/troubleshooting.md",
  "node_modules/x/README.md",
  "requirements.txt",
  "src/main.ts",
  "tests/fixtures/page.md",
];

describe("draftGraph", () => {
  const graph = draftGraph(PATHS);

  test("instructions and contributing guides are required by every kind of work", () => {
    const required = Object.values(graph.task_types).map((type) => type.required_knowledge);
    expect(required).toEqual(required.map(() => ["AGENTS.md", "CONTRIBUTING.md"]));
  });

  test("what helps a kind of work is recommended for it", () => {
    const of = (name: string) => graph.task_types[name]?.recommended_knowledge;
    expect(of("feature_development")).toEqual(["README.md", "docs/architecture.md", "docs/style-guide.md"]);
    expect(of("bug_fixing")).toEqual(["README.md", "docs/testing.md", "docs/troubleshooting.md"]);
  });

  test("documents are grouped by folder; decision records come with new work while the budget lasts", () => {
    expect(Object.keys(graph.knowledge_categories)).toEqual(["docs", "docs_decisions"]);
    expect(graph.knowledge_categories.docs_decisions).toMatchObject({
      base_path: "docs/decisions",
      files: ["001-store.md", "002-lanes.md"],
    });
    expect(graph.auto_inject_rules).toEqual([
      { condition: "task_type == 'feature_development'", inject: "docs_decisions", priority: "recommended" },
    ]);
  });

  test("change logs, licences, fixtures and other people's documents are left out", () => {
    const text = JSON.stringify(graph);
    for (const path of ["CHANGELOG", "LICENSE", "node_modules", "requirements", "fixtures"])
      expect(text).not.toContain(path);
  });

  test("it is a graph, whatever the repository holds, in any order of its files", () => {
    expect(KnowledgeGraph.parse(graph)).toEqual(graph);
    expect(KnowledgeGraph.parse(draftGraph([]))).toMatchObject({ knowledge_categories: {} });
    expect(draftGraph([...PATHS].reverse())).toEqual(graph);
  });
});
