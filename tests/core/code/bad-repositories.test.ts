/** Clones that lack something, objects that are broken, entries that are no files: a plan all the same, and `unread` says what it does not know. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { analyzeDependencies } from "../../../src/core/2-dependency/analyze-dependencies.ts";
import type { DependencyGraph } from "../../../src/core/model/dependency-graph.ts";
import { git } from "../../rig/git.ts";
import { listOf } from "../sample-plan.ts";
import { openSample, type SampleRepository, sampleRepository } from "./sample-repository.ts";

const MISSING = "its content is not in this clone, or damaged";
const LINK = "a symbolic link, which is not followed";
const SUBMODULE = "a submodule, whose content lives in another repository";

const FILES = {
  "lib/money.ts": "export function add() {}\n",
  "app/cart.ts": 'import { add } from "../lib/money.js";\nadd();\n',
};
const TASKS = [
  { id: "cart", description: "Change the cart", files: ["app/**"] },
  { id: "money", description: "Change money", files: ["lib/money.ts"] },
];
const USES = "app/cart.ts:2 uses add of lib/money.ts, which money may change";

const made: SampleRepository[] = [];
afterAll(() => {
  for (const repository of made) repository.dispose();
});

async function repositoryOf(files: Record<string, string | Uint8Array>): Promise<SampleRepository> {
  const repository = await sampleRepository(files);
  made.push(repository);
  return repository;
}

const rootOf = ({ folder }: SampleRepository): string => join(folder, "repository");

/** Phase 2 over `tasks`. */
async function graphOf(repository: SampleRepository, tasks: Record<string, unknown>[]): Promise<DependencyGraph> {
  const list = listOf(tasks);
  const graph = analyzeDependencies(list, "sequential", { evidence: await repository.evidence(list.tasks) });
  if (!graph.ok) throw new Error(graph.error.message);
  return graph.value;
}

/** What phase 2 says of the two tasks: why one waits, and what could not be read. */
async function told(repository: SampleRepository): Promise<{ waits: string[]; unread: DependencyGraph["unread"] }> {
  const { edges, unread } = await graphOf(repository, TASKS);
  return { waits: edges.filter((edge) => edge.orders).map((edge) => edge.why), unread };
}

describe("a clone that has not everything", () => {
  async function cloned(...how: string[]): Promise<SampleRepository> {
    const origin = await repositoryOf(FILES);
    git(rootOf(origin), "config", "uploadpack.allowFilter", "true");
    git(rootOf(origin), "config", "uploadpack.allowAnySHA1InWant", "true");
    git(origin.folder, "clone", "--quiet", ...how, `file://${rootOf(origin)}`, "clone");
    return origin;
  }

  test("sparse: what is not checked out is read like the rest", async () => {
    const { folder } = await cloned("--sparse");
    git(join(folder, "clone"), "sparse-checkout", "set", "app");
    expect(await told(await openSample(folder, "clone"))).toEqual({ waits: [USES], unread: undefined });
  });

  test("shallow: the code is whole, and the history says nothing", async () => {
    const { folder } = await cloned("--depth", "1");
    expect(await told(await openSample(folder, "clone"))).toEqual({ waits: [USES], unread: undefined });
  });

  test("without contents: every file is named, and read as soon as it is there", async () => {
    const { folder } = await cloned("--filter=blob:none", "--no-checkout");
    const clone = await openSample(folder, "clone");
    expect(await told(clone)).toEqual({
      waits: [],
      unread: [
        { path: "app/cart.ts", status: "skipped", reason: MISSING },
        { path: "lib/money.ts", status: "skipped", reason: MISSING },
      ],
    });
    git(join(folder, "clone"), "checkout", "--quiet");
    expect(await told(clone)).toEqual({ waits: [USES], unread: undefined });
  });

  test("without folders: told in the plan, and fetched before a run begins", async () => {
    const { folder } = await cloned("--filter=tree:0", "--no-checkout");
    const clone = await openSample(folder, "clone");
    const { coverage } = await graphOf(clone, TASKS);
    expect(coverage).toEqual({ "*": expect.stringContaining("file (the code could not be analysed: git ls-tree") });
    expect(await clone.sources.repository.checkTrees(clone.commit)).toMatchObject({ ok: true });
    expect(await told(clone)).toEqual({ waits: [USES], unread: undefined });
  });
});

describe("objects that cannot be read", () => {
  const objectOf = (repository: SampleRepository, path: string): string => {
    const id = git(rootOf(repository), "rev-parse", `HEAD:${path}`).trim();
    const file = join(rootOf(repository), ".git", "objects", id.slice(0, 2), id.slice(2));
    chmodSync(file, 0o644);
    return file;
  };
  /** Hard to compress, so that half of the object is half of the text. */
  const LONG = Array.from({ length: 20_000 }, (_, number) => `export const x${(number * 7919) % 100_003} = 0;`);

  test.each<[string, (file: string) => void]>([
    ["is gone", (file) => rmSync(file)],
    ["is empty", (file) => truncateSync(file, 0)],
    ["is cut off", (file) => truncateSync(file, 20_000)],
    ["is no object", (file) => writeFileSync(file, "garbage")],
  ])("one that %s costs that file alone", async (_, damage) => {
    const repository = await repositoryOf({ ...FILES, "app/a.ts": LONG.join("\n"), "lib/z.ts": "export {};\n" });
    damage(objectOf(repository, "app/a.ts"));
    const unread = [{ path: "app/a.ts", status: "skipped", reason: MISSING }];
    expect(await told(repository)).toEqual({ waits: [USES], unread });
  });

  test("configuration and a knowledge graph among them", async () => {
    const repository = await repositoryOf({ ...FILES, "package.json": "{}", "knowledge-graph.json": "{}\n" });
    rmSync(objectOf(repository, "package.json"));
    rmSync(objectOf(repository, "knowledge-graph.json"));
    const reason = "too large, or its content is not in this clone, or damaged";
    const unread = [{ path: "knowledge-graph.json", status: "skipped", reason }];
    expect(await told(repository)).toEqual({ waits: [USES], unread });
  });
});

describe("entries that are no files", () => {
  test("links, in circles too, and submodules are named and not followed", async () => {
    const repository = await repositoryOf(FILES);
    const root = rootOf(repository);
    mkdirSync(join(root, "app", "links"));
    symlinkSync("loop.ts", join(root, "app", "loop.ts"));
    symlinkSync("..", join(root, "app", "links", "up"));
    symlinkSync("app", join(root, "outside"));
    git(root, "add", "--all");
    git(root, "update-index", "--add", "--cacheinfo", `160000,${repository.commit},vendor/ui`);
    git(root, "-c", "user.name=A", "-c", "user.email=a", "commit", "--quiet", "--message", "Odd entries");
    const [cart = {}, money = {}] = TASKS;
    const read = { id: "read", description: "Read them", files: ["vendor/ui/a.ts"], access: "read_only" };
    const { edges, unread } = await graphOf(await openSample(repository.folder, "repository"), [cart, money, read]);
    expect(edges.filter((edge) => edge.orders).map((edge) => edge.why)).toEqual([USES]);
    expect(unread).toEqual([
      { path: "app/links/up", status: "skipped", reason: LINK },
      { path: "app/loop.ts", status: "skipped", reason: LINK },
      { path: "vendor/ui", status: "skipped", reason: SUBMODULE },
    ]);
  });
});

test("odd contents and paths are read where they can be, and named where not", async () => {
  const call = 'import { add } from "../lib/money.js";\nadd();\n';
  const repository = await repositoryOf({
    "lib/money.ts": FILES["lib/money.ts"],
    "app/binary.ts": new Uint8Array([1, 0, 2]),
    "app/bom.ts": `\uFEFF${call}`,
    "app/crlf.ts": call.replaceAll("\n", "\r\n"),
    "app/huge.ts": Buffer.alloc(12_000_000, "x;\n"),
    "app/latin.ts": Buffer.from(`${call}// café\n`, "latin1"),
    'app/日本 "ä".ts': call,
  });
  const { edges, unread } = await graphOf(repository, TASKS);
  expect(edges.map(({ kind, why }) => [kind, why])).toEqual([["symbol", expect.stringContaining("uses add of")]]);
  expect(unread).toEqual([
    { path: "app/binary.ts", status: "skipped", reason: "binary" },
    { path: "app/huge.ts", status: "skipped", reason: "larger than 2 MB" },
    { path: "app/latin.ts", status: "partial", reason: "not UTF-8: read as latin-1" },
  ]);
  const users = (await repository.uses()).map((use) => use.split(/\[/)[0]);
  expect(users).toEqual(["app/bom.ts", "app/crlf.ts", "app/latin.ts", 'app/日本 "ä".ts']);
});

test("more than fifty unread files are counted", async () => {
  const broken = Array.from({ length: 53 }, (_, number) => [`app/${number + 10}.ts`, new Uint8Array([0, number])]);
  const graph = await graphOf(await repositoryOf(Object.fromEntries(broken)), TASKS);
  expect([graph.unread?.length, graph.unread_more]).toEqual([50, 3]);
});
