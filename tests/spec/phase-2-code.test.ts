/** Phase 2.2 of the specification over real code: dependencies nobody declared, found in imports and calls. */
import { afterAll, describe, expect, test } from "vitest";
import { analyzeDependencies } from "../../src/core/2-dependency/analyze-dependencies.ts";
import type { DependencyGraph, OrderingKind, SameFile } from "../../src/core/model/dependency-graph.ts";
import type { TaskList } from "../../src/core/model/task-list.ts";
import { type SampleRepository, sampleRepository } from "../core/code/sample-repository.ts";
import { listOf, planOf } from "../core/sample-plan.ts";

const made: SampleRepository[] = [];
afterAll(() => {
  for (const repository of made) repository.dispose();
});

async function repositoryOf(...commits: Record<string, string>[]): Promise<SampleRepository> {
  const repository = await sampleRepository(...commits);
  made.push(repository);
  return repository;
}

async function analysed(
  repository: SampleRepository,
  list: TaskList,
  { sameFile = "sequential", ordering }: { sameFile?: SameFile; ordering?: OrderingKind[] } = {},
): Promise<DependencyGraph> {
  const evidence = await repository.evidence(list.tasks);
  const graph = analyzeDependencies(list, sameFile, { evidence, ...(ordering === undefined ? {} : { ordering }) });
  if (!graph.ok) throw new Error(graph.error.message);
  return graph.value;
}

function task(id: string, files: string[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return { id, description: `Change ${id}`, files, ...more };
}

describe("the specification's example, from imports and calls alone", () => {
  const FILES = {
    "src/a.ts": "export function a() { return 1; }\n",
    "src/b.ts": "export function b() { return 2; }\n",
    "src/c.ts": "export const c = () => 3;\n",
    "src/d.ts":
      'import { a } from "./a.js";\nimport { b } from "./b.js";\nimport { c } from "./c.js";\nexport function d() {\n  return a() + b() + c();\n}\n',
    "src/e.ts": 'import { d } from "./d.js";\nexport const e = () => d();\n',
  };

  test("A, B and C run side by side, then D, then E", async () => {
    const list = listOf(["e", "d", "c", "b", "a"].map((id) => task(id, [`src/${id}.ts`])));
    const graph = await analysed(await repositoryOf(FILES), list);
    expect(graph.tasks).toEqual({ e: ["d"], d: ["c", "b", "a"], c: [], b: [], a: [] });
    expect(planOf(list, 5, { graph }).batches.map((batch) => batch.tasks)).toEqual([["c", "b", "a"], ["d"], ["e"]]);
    expect(graph.critical_path).toEqual(["a", "d", "e"]);
  });

  test("every edge names the file and the line it comes from", async () => {
    const graph = await analysed(await repositoryOf(FILES), listOf([task("a", ["src/a.ts"]), task("d", ["src/d.ts"])]));
    expect(graph.edges).toEqual([
      {
        ...{ from: "a", to: "d", kind: "symbol", confidence: 0.7, orders: true },
        why: "src/d.ts:5 (d) uses a of src/a.ts, which a may change",
      },
    ]);
    expect(graph.coverage).toEqual({ typescript: "symbol", "*": "file" });
  });
});

describe("if task A modifies a function that task B calls, task B depends on task A", () => {
  const FILES = {
    "lib/money.py": "def add(a, b):\n    return a + b\n\n\ndef show(a):\n    return str(a)\n",
    "lib/__init__.py": "from .money import add, show\n",
    "app/cart.py": "from lib import add\n\n\ndef total(items):\n    return add(*items)\n",
    "app/label.py": "from lib import show\n\n\ndef label(a):\n    return show(a)\n",
    "app/both.py": "import lib.money\n",
  };

  test("whoever calls another function of the same file does not wait", async () => {
    const list = listOf([
      task("label", ["app/label.py"]),
      task("cart", ["app/cart.py"]),
      task("money", ["lib/money.py"], { modifies: ["lib/money.py#add"] }),
    ]);
    const graph = await analysed(await repositoryOf(FILES), list);
    expect(graph.tasks).toEqual({ label: [], cart: ["money"], money: [] });
    expect(graph.edges.map(({ kind, why }) => [kind, why])).toEqual([
      ["symbol", "app/cart.py:5 (total) uses add of lib/money.py, which money modifies"],
    ]);
  });

  test("an import without a use is a preference, unless the client lets imports order", async () => {
    const list = listOf([task("both", ["app/both.py"]), task("money", ["lib/money.py"])]);
    const repository = await repositoryOf(FILES);
    const preferred = await analysed(repository, list);
    expect([preferred.tasks, preferred.edges.map((edge) => edge.kind)]).toEqual([{ both: [], money: [] }, ["import"]]);
    const ordered = await analysed(repository, list, { ordering: ["symbol", "import"] });
    expect(ordered.tasks).toEqual({ both: ["money"], money: [] });
  });

  test("with declared dependencies alone nothing inferred orders", async () => {
    const list = listOf([task("cart", ["app/cart.py"]), task("money", ["lib/money.py"])]);
    const graph = await analysed(await repositoryOf(FILES), list, { ordering: ["declared"] });
    expect(graph.tasks).toEqual({ cart: [], money: [] });
    expect(graph.edges.map(({ kind, orders }) => [kind, orders])).toEqual([["symbol", undefined]]);
  });

  test("what is declared wins over what is inferred the other way round", async () => {
    const list = listOf([task("cart", ["app/cart.py"]), task("money", ["lib/money.py"], { depends_on: ["cart"] })]);
    const graph = await analysed(await repositoryOf(FILES), list);
    expect([graph.tasks, graph.cycles]).toEqual([{ cart: [], money: ["cart"] }, undefined]);
  });
});

test("tasks that use each other's changes never run side by side, and are told what to do", async () => {
  const repository = await repositoryOf({
    "a.ts": 'import { b } from "./b";\nexport const a = () => b;\n',
    "b.ts": 'import { a } from "./a";\nexport const b = () => a;\n',
    "c.ts": 'import { a } from "./a";\nexport const c = () => a;\n',
  });
  const list = listOf([task("one", ["a.ts"]), task("two", ["b.ts"]), task("three", ["c.ts"])]);
  const graph = await analysed(repository, list);
  expect(graph.tasks).toEqual({ one: [], two: [], three: ["one"] });
  expect(graph.conflicts).toEqual([["one", "two"]]);
  expect(graph.cycles?.map((cycle) => [cycle.tasks, cycle.why])).toEqual([
    [
      ["one", "two"],
      [
        "two needs one: b.ts:2 (b) uses a of a.ts, which one may change",
        "one needs two: a.ts:2 (a) uses b of b.ts, which two may change",
      ],
    ],
  ]);
  expect(graph.cycles?.[0]?.proposal).toContain("make one, two one task");
  expect(graph.suggestions?.[0]).toMatchObject({ apply: { merge: ["one", "two"] } });
});

describe("same file, different places", () => {
  const FILES = {
    "a.ts":
      "export const parse = (t: string) => t;\nexport const print = (t: string) => parse(t);\nexport const other = 1;\n",
  };
  const pair = (first: string, second: string) => listOf([task("one", [first]), task("two", [second])]);

  test("is a conflict by default, whatever the symbols", async () => {
    const graph = await analysed(await repositoryOf(FILES), pair("a.ts#parse", "a.ts#other"));
    expect(graph.conflicts).toEqual([["one", "two"]]);
  });

  test("is left to the merge when the client is optimistic and the symbols differ", async () => {
    const graph = await analysed(await repositoryOf(FILES), pair("a.ts#parse", "a.ts#other"), {
      sameFile: "optimistic",
    });
    expect([graph.conflicts, graph.tasks]).toEqual([[], { one: [], two: [] }]);
  });

  test("stays a conflict for the same symbol", async () => {
    const graph = await analysed(await repositoryOf(FILES), pair("a.ts#parse", "a.ts#parse"), {
      sameFile: "optimistic",
    });
    expect(graph.conflicts).toEqual([["one", "two"]]);
  });

  test("is ordered when one symbol uses the other", async () => {
    const graph = await analysed(await repositoryOf(FILES), pair("a.ts#print", "a.ts#parse"), {
      sameFile: "optimistic",
    });
    expect(graph.tasks).toEqual({ one: ["two"], two: [] });
  });
});

test("files that changed together are a note, never an order", async () => {
  const step = (n: number) => ({ "a.txt": `${n}`, "b.txt": `${n}`, "c.txt": "c" });
  const repository = await repositoryOf(step(1), step(2), step(3), step(4));
  const graph = await analysed(
    repository,
    listOf([task("one", ["a.txt"]), task("two", ["b.txt"]), task("three", ["c.txt"])]),
  );
  expect(graph.edges).toEqual([
    {
      from: "one",
      to: "two",
      kind: "history",
      confidence: 0.5,
      why: "a.txt and b.txt changed together in 4 of 4 commits",
    },
  ]);
  expect(graph.tasks).toEqual({ one: [], two: [], three: [] });
});

test("a test that imports a module yet to be written waits for the task that writes it", async () => {
  const repository = await repositoryOf({ "test/new.test.ts": 'import { fresh } from "../src/fresh.js";\nfresh();\n' });
  const list = listOf([task("tests", ["test/new.test.ts"]), task("create", ["src/fresh.ts"])]);
  expect((await analysed(repository, list)).tasks).toEqual({ tests: ["create"], create: [] });
});

test("a file that many tasks change is named as what makes them wait", async () => {
  const repository = await repositoryOf({ "index.ts": "", "a.ts": "", "b.ts": "", "c.ts": "" });
  const list = listOf(["a", "b", "c"].map((id) => task(id, [`${id}.ts`, "index.ts"])));
  expect((await analysed(repository, list)).suggestions?.map((suggestion) => suggestion.message)).toEqual([
    expect.stringContaining("index.ts is in the scope of 3 tasks (a, b, c)"),
  ]);
});

test("when the code cannot be read, what the tasks declare still counts, and coverage says so", async () => {
  const repository = await repositoryOf({ "a.ts": "" });
  const list = listOf([task("one", ["a.ts"]), task("two", ["a.ts"])]);
  const broken = { ...repository.sources.repository, files: async () => Promise.reject(new Error("no objects")) };
  const { gatherEvidence } = await import("../../src/core/2-dependency/gather-evidence.ts");
  const evidence = await gatherEvidence(list.tasks, { ...repository.sources, repository: broken, commit: "x" });
  const graph = analyzeDependencies(list, "sequential", { evidence });
  expect(graph).toMatchObject({
    value: { conflicts: [["one", "two"]], coverage: { "*": "file (the code could not be analysed: no objects)" } },
  });
});
