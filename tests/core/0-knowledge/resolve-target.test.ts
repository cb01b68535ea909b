import { describe, expect, test } from "vitest";
import { resolveTarget } from "../../../src/core/0-knowledge/resolve-target.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";

const GRAPH = KnowledgeGraph.parse({
  task_types: {},
  knowledge_categories: {
    style: {
      base_path: "guides/",
      files: ["tone.md", "words/dates.md", "words/short_20261103.md", "words/short_20261104.md"],
    },
    "style.short": { base_path: "./short", files: ["a.b.md"] },
    empty: { base_path: "guides/" },
    bare: { files: ["top.md"] },
  },
  shared_knowledge: {
    HARBOURS: { description: "Their names", agents: "ALL" },
    TIDES: { agents: ["b", "a"] },
    NOBODY: {},
  },
});

describe("resolveTarget", () => {
  test.each([
    [
      "style",
      ["guides/tone.md", "guides/words/dates.md", "guides/words/short_20261103.md", "guides/words/short_20261104.md"],
    ],
    ["style.tone", ["guides/tone.md"]],
    ["style.words.dates", ["guides/words/dates.md"]],
    ["style.words.short_20261103", ["guides/words/short_20261103.md"]],
    ["style.words.short", ["guides/words/short_20261103.md", "guides/words/short_20261104.md"]],
    ["style.short.a.b", ["short/a.b.md"]],
    ["bare", ["top.md"]],
  ])("%s brings its files", (inject, paths) => {
    expect(resolveTarget(inject, GRAPH)).toEqual({ paths });
  });

  test.each([
    ["empty", "is a category that lists no files"],
    ["style.words", 'names no file of the category "style"'],
    ["style.words.dat", 'names no file of the category "style"'],
    ["HARBOURS", 'is knowledge shared by all agents that lists no files: "Their names"'],
    ["TIDES", 'is knowledge shared by a, b that lists no files: "TIDES"'],
    ["NOBODY", 'is knowledge shared by no agent that lists no files: "NOBODY"'],
    ["WEATHER", "names nothing in the graph; known: HARBOURS, NOBODY, TIDES, bare, empty, style, style.short"],
    ["constructor", "names nothing in the graph; known: HARBOURS, NOBODY, TIDES, bare, empty, style, style.short"],
    [".tone", "names nothing in the graph; known: HARBOURS, NOBODY, TIDES, bare, empty, style, style.short"],
  ])("%s brings a note", (inject, note) => {
    expect(resolveTarget(inject, GRAPH)).toEqual({ paths: [], note });
  });
});
