import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fileKnowledgeSource } from "../../../src/adapters/knowledge-source/file-knowledge-source.ts";
import { loadKnowledge } from "../../../src/core/0-knowledge/load-knowledge.ts";
import { loadedPaths } from "../../../src/core/0-knowledge/loaded-paths.ts";
import { KnowledgeContext } from "../../../src/core/model/knowledge-context.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function tokens(count: number): string {
  return "ab ".repeat(count);
}

async function load(
  files: Record<string, string>,
  taskType: object,
  more: { budget_tokens?: number; rules?: object[]; loaded?: string[] } = {},
) {
  const { budget_tokens, rules = [], loaded } = more;
  const graph = JSON.stringify({ task_types: { work: taskType }, auto_inject_rules: rules });
  const root = await temporaryFolder({ ...files, "knowledge_graph.json": graph });
  return loadKnowledge(
    { request: "anything", task_type: "work", budget_tokens, loaded },
    fileKnowledgeSource({ roots: [root] }),
  );
}

describe("loadKnowledge", () => {
  test("loads required files even beyond the budget and says so", async () => {
    const result = await load(
      { "big.md": tokens(6_000), "small.md": tokens(10), "extra.md": tokens(1) },
      { required_knowledge: ["big.md", "small.md"], recommended_knowledge: ["extra.md"] },
      { budget_tokens: 6_000 },
    );
    const reason = 'required by the task type "work"';
    expect(result.ok && result.value.knowledge).toEqual({
      status: "complete",
      required: [
        { path: "small.md", uri: "knowledge://files/small.md", size_bytes: 30, tokens: 10, reason },
        { path: "big.md", uri: "knowledge://files/big.md", size_bytes: 18_000, tokens: 6_000, reason },
      ],
      recommended: [],
      skipped_recommended: [
        {
          path: "extra.md",
          reason: "context budget limit reached: 0 of the budget of 6000 tokens left, and 5000 are kept free",
        },
      ],
      already_loaded: [],
      missing_files: [],
      notes: ["required files alone take 6010 tokens, over the budget of 6000; no recommended file was loaded"],
      total_tokens_loaded: 6_010,
      budget_tokens: 6_000,
    });
  });

  test("warns when a large part of a context window was loaded", async () => {
    const result = await load({ "big.md": tokens(50_001) }, { required_knowledge: ["big.md"] });
    expect(result.ok && result.value.knowledge.notes).toEqual([
      "50001 tokens were loaded, a large part of a context window",
    ]);
  });

  test("what an earlier call of the run loaded is not loaded again, and stays in the run's context", async () => {
    const files = { "a.md": "x", "b.md": "y" };
    const result = await load(files, { required_knowledge: ["a.md", "b.md"] }, { loaded: ["old.md", "a.md"] });
    const context = result.ok ? result.value : undefined;
    expect(context?.knowledge).toMatchObject({ required: [{ path: "b.md" }], already_loaded: ["old.md", "a.md"] });
    expect(loadedPaths(context)).toEqual(["old.md", "a.md", "b.md"]);
  });

  test("a file both required and recommended is loaded or reported once", async () => {
    const both = ["here.md", "gone.md"];
    const result = await load({ "here.md": "x" }, { required_knowledge: both, recommended_knowledge: both });
    expect(result.ok && result.value.knowledge).toMatchObject({
      status: "partial",
      required: [{ path: "here.md" }],
      recommended: [],
      skipped_recommended: [],
      already_loaded: [],
      missing_files: ["gone.md"],
    });
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "a budget of %d tokens is invalid input",
    async (budget_tokens) => {
      expect(await load({}, {}, { budget_tokens })).toEqual({
        ok: false,
        error: {
          code: "invalid_input",
          message: `budget_tokens is ${budget_tokens}`,
          hint: "Give a whole number of tokens from 0, or leave it out for 100000.",
        },
      });
    },
  );

  test("a graph that is no routing table fails the phase", async () => {
    const root = await temporaryFolder({ "knowledge_graph.json": '{"nodes": []}' });
    const result = await loadKnowledge({ request: "x" }, fileKnowledgeSource({ roots: [root] }));
    expect(result.ok ? "ok" : result.error.code).toEqual("knowledge_unreadable");
  });

  test("a graph that cannot be read fails the phase", async () => {
    const root = await temporaryFolder({ "knowledge_graph.json/inside.md": "a folder in the graph's place" });
    const result = await loadKnowledge({ request: "x" }, fileKnowledgeSource({ roots: [root] }));
    expect(result.ok ? "ok" : result.error.code).toEqual("knowledge_unreadable");
  });

  test("whatever paths and rules a graph holds, the answer is a valid context", async () => {
    const root = await temporaryFolder({ "a.md": "x", "d/b.md": "y", "\ufffd": "z" });
    const path = fc.oneof(fc.constantFrom("a.md", "d/", "../a.md", "\ud800"), fc.string({ unit: "binary" }));
    const rule = fc.record({
      condition: fc.constantFrom("task_type == 'work'", "?"),
      inject: fc.string({ unit: "binary" }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(path), fc.array(rule), async (paths, auto_inject_rules) => {
        const task_types = { work: { required_knowledge: paths, recommended_knowledge: paths, triggers: paths } };
        const text = JSON.stringify({ task_types, auto_inject_rules });
        const source = fileKnowledgeSource({ roots: [root] });
        const graph = async () => ({ ok: true as const, value: { location: "g.json", text } });
        const result = await loadKnowledge({ request: paths.join(" "), task_type: "work" }, { ...source, graph });
        expect(KnowledgeContext.safeParse(result.ok ? result.value : undefined).success).toEqual(true);
      }),
      { numRuns: 60 },
    );
  });
});
