import { expect, test } from "vitest";
import { fileKnowledgeSource } from "../../../src/adapters/knowledge-source/file-knowledge-source.ts";
import { checkGraph } from "../../../src/core/0-knowledge/check-graph.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("every place in the graph that does not resolve is named, with what is wrong there", async () => {
  const root = await temporaryFolder({ "here.md": "x", "guides/a.md": "x" });
  const graph = KnowledgeGraph.parse({
    task_types: {
      one: { required_knowledge: ["here.md", "gone.md", "guides/"], triggers: ["Photo", "alone"] },
      two: { recommended_knowledge: ["../outside.md"], triggers: ["photo"] },
    },
    knowledge_categories: { guides: { base_path: "guides/", files: ["a.md", "b.md"] }, empty: {} },
    cross_references: { writer: { knowledge_needed: ["guides", "nowhere"] } },
    auto_inject_rules: [
      { condition: "task_type == 'one'", inject: "guides" },
      { condition: "when one", inject: "empty" },
    ],
  });
  expect(await checkGraph(graph, fileKnowledgeSource({ roots: [root] }))).toEqual([
    { where: "task_types.one.required_knowledge[1]", problem: '"gone.md" is in no knowledge root' },
    {
      where: "task_types.two.recommended_knowledge[0]",
      problem: '"../outside.md" leaves the repository with ..',
    },
    { where: "knowledge_categories.guides.files[1]", problem: '"guides/b.md" is in no knowledge root' },
    {
      where: "auto_inject_rules[1].condition",
      problem:
        "\"when one\" is not understood: write `task_type == 'a' OR task_type == 'b'` or `primary_agent IN ['x', 'y']`",
    },
    { where: "auto_inject_rules[1].inject", problem: '"empty" is a category that lists no files' },
    {
      where: "cross_references.writer.knowledge_needed[1]",
      problem: '"nowhere" names nothing in the graph; known: empty, guides',
    },
    {
      where: "task_types",
      problem: 'the trigger "photo" stands in one, two: a request with it alone is ambiguous',
    },
  ]);
});
