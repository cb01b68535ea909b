import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openRepository } from "../../../src/adapters/git/repository/git-repository.ts";
import { locateRepository } from "../../../src/adapters/git/repository/repository-location.ts";
import { CodeIndex } from "../../../src/core/code/code-index.ts";
import { communities } from "../../../src/core/code/communities.ts";
import { readKnowledgeEdges, unsupportedGraphs } from "../../../src/core/code/knowledge-edges.ts";
import { listOf } from "../sample-plan.ts";
import { type SampleRepository, sampleRepository } from "./sample-repository.ts";

const made: SampleRepository[] = [];
afterAll(() => {
  for (const repository of made) repository.dispose();
});

async function repositoryOf(...commits: Record<string, string | Uint8Array>[]): Promise<SampleRepository> {
  const repository = await sampleRepository(...commits);
  made.push(repository);
  return repository;
}

const task = (id: string, files: string[]): Record<string, unknown> => ({ id, description: `Change ${id}`, files });

describe("strange repositories", () => {
  test("an empty one has nothing to say", async () => {
    const repository = await repositoryOf({});
    const evidence = await repository.evidence(listOf([task("one", ["new.ts"])]).tasks);
    expect(evidence).toEqual({
      edges: [],
      coverage: { typescript: "symbol", "*": "file" },
      unread: [],
      suggestions: [],
    });
  });

  test("links, also to themselves, are not followed; paths in any script are", async () => {
    const repository = await repositoryOf({ "ä/日本.ts": "export const x = 1;\n", "b c.ts": 'import "./ä/日本";\n' });
    const root = join(repository.folder, "repository");
    symlinkSync("loop", join(root, "loop"));
    symlinkSync(".", join(root, "here.ts"));
    execFileSync("git", ["-C", root, "add", "--all"]);
    execFileSync("git", ["-C", root, "-c", "user.name=A", "-c", "user.email=a", "commit", "-qm", "links"]);
    const located = await locateRepository(root);
    if (!located.ok) throw new Error(located.error.message);
    const again = await openRepository(located.value, join(repository.folder, "engine-2.git"));
    const commit = await again.resolve("HEAD");
    const index = await CodeIndex.open({ ...repository.sources, repository: again }, commit.ok ? commit.value : "");
    expect(index.codeFiles()).toEqual(["b c.ts", "ä/日本.ts"]);
    expect(await repository.imports()).toEqual(["b c.ts → ä/日本.ts"]);
  });

  test("files that could not be read are listed with the reason", async () => {
    const repository = await repositoryOf({
      "a.ts": "export const a = (\n",
      "b.ts": new Uint8Array([0, 1, 2]),
      "big.ts": "x;".repeat(1_100_000),
    });
    const { unread } = await repository.evidence(listOf([task("all", ["**"])]).tasks);
    expect(unread).toEqual([
      { path: "a.ts", status: "partial", reason: "syntax errors" },
      { path: "b.ts", status: "skipped", reason: "binary" },
      { path: "big.ts", status: "skipped", reason: "larger than 2 MB" },
    ]);
  });

  test("a language that is not read is file level, and coverage says so", async () => {
    const repository = await repositoryOf({ "a.kt": "", "b.py": "", "c.rb": "" });
    const { coverage } = await repository.evidence(listOf([task("all", ["**"])]).tasks);
    expect(coverage).toEqual({ kotlin: "file", python: "symbol", ruby: "definition", "*": "file" });
  });

  test("configuration that is no JSON, or extends itself, resolves what is left", async () => {
    const repository = await repositoryOf({
      "package.json": "{ not json",
      "tsconfig.json": '{"extends": "./tsconfig.json", "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
      "src/a.ts": 'import "@/b";\nimport "$&/b";\nimport "../../../outside";\n',
      "src/b.ts": "",
    });
    expect(await repository.imports()).toEqual(["src/a.ts → src/b.ts"]);
  });

  test("re-exports in a circle end", async () => {
    const repository = await repositoryOf({
      "a.ts": 'export * from "./b";\n',
      "b.ts": 'export * from "./a";\nexport { x } from "./a";\n',
      "c.ts": 'import { x, y } from "./a";\nx(y);\n',
    });
    expect(await repository.uses()).toEqual(["c.ts[] → a.ts#x", "c.ts[] → a.ts#y"]);
  });
});

test("only what the tasks' scopes need is read", async () => {
  const repository = await repositoryOf({
    "a.ts": 'import { b } from "./b";\nb();\n',
    "b.ts": 'import "./c";\nexport function b() {}\n',
    "c.ts": 'import "./d";\n',
    "d.ts": "",
    "e.ts": "",
  });
  const read: string[] = [];
  const { analyser } = repository.sources;
  const sources = {
    ...repository.sources,
    analyser: {
      version: analyser.version,
      languageOf: analyser.languageOf,
      facts: (path: string, content: Uint8Array) => {
        read.push(path);
        return analyser.facts(path, content);
      },
    },
  };
  const { gatherEvidence } = await import("../../../src/core/2-dependency/gather-evidence.ts");
  const { tasks } = listOf([task("one", ["a.ts"]), task("two", ["e.ts"])]);
  const asked = { ...sources, commit: repository.commit };
  await gatherEvidence(tasks, asked);
  expect(read.sort()).toEqual(["a.ts", "b.ts", "e.ts"]);
  await gatherEvidence(tasks, asked);
  expect(read).toHaveLength(3);
});

test("loosely coupled files fall into parts, the same ones every time", () => {
  const part = (name: string): string[] => [1, 2, 3, 4].map((number) => `${name}/${number}.ts`);
  const inside = (files: string[]) =>
    files.flatMap((from) => files.filter((to) => to !== from).map((to) => ({ from, to })));
  const files = [...part("x"), ...part("y")];
  const edges = [...inside(part("x")), ...inside(part("y")), { from: "x/1.ts", to: "y/1.ts" }];
  expect(communities(files, edges)).toEqual([part("x"), part("y")]);
  expect(communities(files.toReversed(), edges.toReversed())).toEqual([part("x"), part("y")]);
});

describe("knowledge graphs of other tools", () => {
  const isFile = (path: string): boolean => ["a.ts", "b.ts"].includes(path);
  const edge = [{ from: "a.ts", to: "b.ts", relation: "imports" }];

  test.each([
    [
      "graphify",
      {
        nodes: [
          { id: "1", source_file: "a.ts" },
          { id: "2", source_file: "b.ts" },
        ],
        links: [{ source: "1", target: "2", relation: "imports" }],
      },
    ],
    [
      "Understand-Anything",
      {
        nodes: [
          { id: "f:a", filePath: "./a.ts" },
          { id: "f:b", filePath: "b.ts" },
        ],
        edges: [{ source: "f:a", target: "f:b", type: "imports" }],
      },
    ],
    [
      "graphology",
      {
        nodes: [{ key: "a.ts" }, { key: "b.ts" }],
        edges: [{ source: "a.ts", target: "b.ts", attributes: { type: "imports" } }],
      },
    ],
  ])("%s", (_, graph) => {
    expect(readKnowledgeEdges(JSON.stringify(graph), isFile)).toEqual(edge);
  });

  test("MCP memory's lines", () => {
    const lines = [
      '{"type":"entity","name":"a.ts"}',
      "broken",
      '{"type":"relation","from":"a.ts","to":"b.ts","relationType":"imports"}',
    ];
    expect(readKnowledgeEdges(lines.join("\n"), isFile)).toEqual(edge);
  });

  test("a routing table of task types is none, and what cannot be read gets a pointer", () => {
    expect(readKnowledgeEdges('{"task_types": {}}', isFile)).toEqual(undefined);
    expect(unsupportedGraphs(["output/entities.parquet", "a.ts"]).map((one) => one.path)).toEqual([
      "output/entities.parquet",
    ]);
  });

  test("they are a preference for the tasks, and an order where the client says so", async () => {
    const graph = {
      nodes: [{ id: "a.kt" }, { id: "b.kt" }],
      links: [{ source: "a.kt", target: "b.kt", relation: "calls" }],
    };
    const repository = await repositoryOf({ "graphify-out/graph.json": JSON.stringify(graph), "a.kt": "", "b.kt": "" });
    const { edges } = await repository.evidence(listOf([task("user", ["a.kt"]), task("used", ["b.kt"])]).tasks);
    expect(edges).toEqual([
      {
        ...{ from: "used", to: "user", kind: "knowledge", confidence: 0.5 },
        why: "graphify-out/graph.json says: a.kt calls b.kt, which used may change",
      },
    ]);
  });
});
