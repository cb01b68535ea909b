import { describe, expect, test } from "vitest";
import { parseKnowledgeGraph } from "../../../src/core/0-knowledge/parse-graph.ts";

const ACCEPTED = expect.stringContaining("Accepted is a routing table");

describe("parseKnowledgeGraph", () => {
  test("fills in what a small graph leaves out and drops keys it does not know", () => {
    expect(
      parseKnowledgeGraph('\ufeff{"task_types": {"a": {"owner": "me"}}, "created": "2026-11-22"}', "g.json"),
    ).toEqual({
      ok: true,
      value: {
        version: "unknown",
        description: "",
        task_types: { a: { description: "", required_knowledge: [], recommended_knowledge: [], triggers: [] } },
        knowledge_categories: {},
        cross_references: {},
        auto_inject_rules: [],
        shared_knowledge: {},
      },
    });
  });

  test("text that is no JSON is refused with file, line, column and the accepted format", () => {
    expect(parseKnowledgeGraph('{\n  "task_types": {,}\n}', "/x/g.json")).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message: "/x/g.json: no JSON: line 2, column 18 has , where a name in quotes or } belongs",
        hint: ACCEPTED,
      },
    });
  });

  test("a wrong value is refused with its place", () => {
    expect(parseKnowledgeGraph('{"task_types": {"a": {"triggers": ["x", 7]}}}', "g.json")).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message:
          "g.json: no routing table of task types: task_types.a.triggers[1]: Invalid input: expected string, received number; " +
          'the file has "task_types"',
        hint: ACCEPTED,
        problems: [
          {
            field: "task_types.a.triggers[1]",
            code: "wrong_shape",
            message: "Invalid input: expected string, received number",
            fix: "Write this place as the accepted format shows it.",
          },
        ],
      },
    });
  });

  const UNDEFINED_TYPES = "task_types: Invalid input: expected record, received undefined";
  test.each([
    ['{"nodes": [], "links": [], "mtime": 1}', `${UNDEFINED_TYPES}; the file has "nodes", "links", "mtime"`],
    ['{"type":"entity","name":"n"}', `${UNDEFINED_TYPES}; the file has "type", "name"`],
    ["{}", `${UNDEFINED_TYPES}; the file has no keys`],
    ['{"task_types": []}', 'task_types: Invalid input: expected record, received array; the file has "task_types"'],
    ["[{}]", "(top level): Invalid input: expected object, received array; the file is a list"],
    ["null", "(top level): Invalid input: expected object, received null; the file is a single value"],
  ])("JSON of another shape is refused with a pointer to the accepted format: %s", (text, seen) => {
    expect(parseKnowledgeGraph(text, "g.json")).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message: `g.json: no routing table of task types: ${seen}`,
        hint: ACCEPTED,
        problems: [expect.anything()],
      },
    });
  });

  test("JSON lines, as the memory server writes them, are no JSON file", () => {
    expect(parseKnowledgeGraph('{"type":"entity"}\n{"type":"relation"}\n', "m.json")).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message: "m.json: no JSON: line 2, column 1 has { where the end belongs",
        hint: ACCEPTED,
      },
    });
  });

  test("a graph over 5 MB is refused before it is parsed", () => {
    expect(parseKnowledgeGraph(" ".repeat(5 * 1024 * 1024 + 1), "g.json")).toEqual({
      ok: false,
      error: {
        code: "knowledge_unreadable",
        message: "g.json: the knowledge graph is over 5 MB",
        hint: "A graph only routes to files: keep their contents in the files and list the paths.",
      },
    });
  });

  test("at most twenty problems are listed", () => {
    const types = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}`, 7]));
    const result = parseKnowledgeGraph(JSON.stringify({ task_types: types }), "g.json");
    expect(result.ok ? 0 : result.error.problems?.length).toEqual(20);
  });
});
