/** What git calls a conflict is a conflict unless a named step settled it, and what git merges cleanly is left as git has it: over all kinds of changes. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { languageAnalyser } from "../../src/adapters/language-analyser/language-analyser.ts";
import { mergeProgram } from "../../src/adapters/process/merge-program.ts";
import { structuredText } from "../../src/adapters/structured-text/structured-text.ts";
import { findOverlap } from "../../src/core/5-aggregate/find-overlap.ts";
import { mergePaths } from "../../src/core/5-aggregate/merge/merge-paths.ts";
import type { MergePorts } from "../../src/core/5-aggregate/merge-ports.ts";
import { MergeSettings } from "../../src/core/model/merge-settings.ts";
import type { TreeEntry } from "../../src/core/ports/repository.ts";
import { TemporaryRepository } from "../adapters/git/temporary.ts";
import { rounds } from "../rig/extent.ts";

const cache = {
  facts: async () => new Map(),
  keepFacts: async () => undefined,
  text: async () => undefined,
  keepText: async () => undefined,
};

let temporary: TemporaryRepository;
let ports: MergePorts;

beforeAll(async () => {
  temporary = new TemporaryRepository();
  temporary.commit({ x: "x\n" });
  const repository = await temporary.open();
  const code = { analyser: languageAnalyser(), cache };
  ports = { repository, ...code, structuredText: structuredText(), mergeProgram: mergeProgram() };
});

afterAll(() => temporary[Symbol.dispose]());

type Tree = Map<string, TreeEntry>;

/** One thing a side does to the file `at`, or to a folder. */
type Act = { do: "edit" | "remove" | "move" | "link" | "mode" | "folder" | "add" | "moveAll"; at: number; to: number };

const act = fc.record<Act>({
  do: fc.constantFrom("edit", "edit", "remove", "move", "move", "link", "mode", "folder", "add", "moveAll"),
  at: fc.nat({ max: 3 }),
  to: fc.nat({ max: 3 }),
});
const acts = fc.array(act, { minLength: 1, maxLength: 3 });

const linesOf = (at: number, edited: Map<number, string> = new Map()): string =>
  Array.from({ length: 12 }, (_, line) => edited.get(line) ?? `${at} line ${line}`).join("\n");

async function treeOf(side: string, done: Act[]): Promise<Tree> {
  const tree: Tree = new Map();
  const file = async (text: string): Promise<TreeEntry> => ({
    mode: "100644",
    blob: await ports.repository.writeBlob(`${text}\n`),
  });
  for (const at of [0, 1, 2, 3]) tree.set(`d/f${at}.txt`, await file(linesOf(at)));
  const places = new Map([0, 1, 2, 3].map((at) => [at, `d/f${at}.txt`]));
  for (const { do: what, at, to } of done) {
    const path = places.get(at) ?? "";
    const entry = tree.get(path);
    if (what === "add") tree.set(`d/new${to}.txt`, await file(`${side} new ${at}`));
    if (what === "moveAll") for (const [key, place] of places) move(tree, places, { key, place, to: `e/${place}` });
    if (entry === undefined) continue;
    if (what === "edit") tree.set(path, await file(linesOf(at, new Map([[to * 3, `${side} says`]]))));
    if (what === "remove") tree.delete(path);
    if (what === "move") move(tree, places, { key: at, place: path, to: `${to % 2 === 0 ? "d" : "e"}/moved${to}.txt` });
    if (what === "link") tree.set(path, { mode: "120000", blob: (await file(`to ${side}`)).blob });
    if (what === "mode") tree.set(path, { ...entry, mode: "100755" });
    if (what === "folder") {
      tree.delete(path);
      tree.set(`${path}/in${to}.txt`, await file(`${side} inside`));
    }
  }
  return tree;
}

function move(
  tree: Tree,
  places: Map<number, string>,
  { key, place, to }: { key: number; place: string; to: string },
): void {
  const entry = tree.get(place);
  if (entry === undefined || tree.has(to)) return;
  tree.delete(place);
  tree.set(to, entry);
  places.set(key, to);
}

async function commitOf(tree: Tree, parent: string): Promise<string> {
  const { repository } = ports;
  const from = await repository.treeOf(parent);
  const gone = [...(await repository.files(parent)).keys()].map((path) => [path, undefined] as const);
  const written = await repository.withEntries(from, new Map([...gone, ...tree]));
  return repository.commit({ tree: written, parent, message: "x", at: 0 });
}

test("a conflict of git's is contested or settled by a step with a name, and a clean merge is git's own", async () => {
  const { repository } = ports;
  const kinds = new Set<string>();
  const start = temporary.git("rev-parse", "HEAD").trim();
  await repository.together(async () => {
    const base = await commitOf(await treeOf("base", []), start);
    await fc.assert(
      fc.asyncProperty(acts, acts, async (first, second) => {
        const tip = await commitOf(await treeOf("ours", first), base);
        const source = await commitOf(await treeOf("theirs", second), base);
        const sides = { base, tip, source };
        const git = await repository.merge(base, tip, source);
        const overlap = await findOverlap(repository, sides);
        const names = async () => ({ ours: "a", theirs: "b" });
        const found = await mergePaths(ports, { sides, overlap, settings: MergeSettings.parse({}), names });
        const smart = found.merged.filter(({ by }) => by.some((method) => method !== "git"));
        for (const { why } of git.conflicts) kinds.add(/CONFLICT \(([^)]*)\)/.exec(why)?.[1] ?? why);
        if (git.conflicts.length > 0) {
          expect(found.contested.length + smart.length, git.conflicts[0]?.why).toBeGreaterThan(0);
          return;
        }
        const merged = await repository.withEntries(await repository.treeOf(tip), found.entries);
        expect(found.contested).toEqual([]);
        expect(merged).toBe(git.tree);
      }),
      { numRuns: rounds(8, 200) },
    );
  });
  if (rounds(8, 200) >= 200) expect(kinds.size, [...kinds].join(", ")).toBeGreaterThan(3);
});
