import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderCodeCache } from "../../../src/adapters/code-cache/folder-code-cache.ts";
import { emptyFacts } from "../../../src/core/model/code-facts.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "forkjoin-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FACTS = emptyFacts("python", "ok");
const keysOf = async (keys: string[], version = "1"): Promise<string[]> => [
  ...(await folderCodeCache(folder, version).facts(keys)).keys(),
];

test("what one process keeps, the next one knows", async () => {
  const cache = folderCodeCache(folder, "1");
  await cache.keepFacts(new Map([["py:1", FACTS]]));
  await cache.keepFacts(new Map([["py:2", FACTS]]));
  expect(await keysOf(["py:1", "py:2", "py:3"])).toEqual(["py:1", "py:2"]);
});

test("everything a file says comes back, also from a pack that was joined from others", async () => {
  const facts = {
    ...FACTS,
    reason: "a\tb\n\u2028日本",
    imports: [{ specifier: "./ä", kind: "static" as const, line: 1, names: [{ name: "x", as: "y" }] }],
    symbols: [{ name: "f", kind: "function", line: 2, end: 3, exported: true }],
    uses: [{ name: "y", line: 3, within: "f" }],
  };
  await folderCodeCache(folder, "1").keepFacts(new Map([["py:whole", facts]]));
  const later = folderCodeCache(folder, "1");
  for (let step = 0; step < 10; step += 1) await later.keepFacts(new Map([[`py:${step}`, FACTS]]));
  const found = (await folderCodeCache(folder, "1").facts(["py:whole"])).get("py:whole");
  expect(found).toEqual(facts);
  expect({ ...found }).toEqual(facts);
});

test("facts of another version of the analyser are not read", async () => {
  await folderCodeCache(folder, "1").keepFacts(new Map([["py:1", FACTS]]));
  expect(await keysOf(["py:1"], "2")).toEqual([]);
});

test("a damaged pack is forgotten without a word, the others stay", async () => {
  const cache = folderCodeCache(folder, "1");
  await cache.keepFacts(new Map([["py:1", FACTS]]));
  const [damaged = ""] = readdirSync(join(folder, "v1"));
  await cache.keepFacts(new Map([["py:2", FACTS]]));
  writeFileSync(join(folder, "v1", damaged), '[["py:1", {}');
  expect(await keysOf(["py:1", "py:2"])).toEqual(["py:2"]);
  expect(readdirSync(join(folder, "v1"))).toHaveLength(1);
});

test("what a killed process had written aside is removed a day later", async () => {
  await folderCodeCache(folder, "1").keepFacts(new Map([["py:1", FACTS]]));
  for (const name of ["old.tmp", "new.tmp"]) writeFileSync(join(folder, "v1", name), "half a pa");
  utimesSync(join(folder, "v1", "old.tmp"), 0, 0);
  expect(await keysOf(["py:1"])).toEqual(["py:1"]);
  expect(readdirSync(join(folder, "v1")).filter((name) => name.endsWith(".tmp"))).toEqual(["new.tmp"]);
});

test("many packs become one", async () => {
  const cache = folderCodeCache(folder, "1");
  for (let step = 0; step < 10; step += 1) await cache.keepFacts(new Map([[`py:${step}`, FACTS]]));
  expect(readdirSync(join(folder, "v1")).length).toBeLessThan(8);
  expect(await keysOf(["py:0", "py:9"])).toEqual(["py:0", "py:9"]);
});

test("a text is given back whole or not at all", async () => {
  const cache = folderCodeCache(folder, "1");
  await cache.keepText("graph of a tree", "a\nb");
  expect(await cache.text("graph of a tree")).toEqual("a\nb");
  for (const name of readdirSync(join(folder, "v1"))) writeFileSync(join(folder, "v1", name), "cut");
  expect([await cache.text("graph of a tree"), await cache.text("another")]).toEqual([undefined, undefined]);
});

test("a folder that cannot be written makes a slow cache, not a broken one", async () => {
  writeFileSync(join(folder, "file"), "");
  const cache = folderCodeCache(join(folder, "file"), "1");
  await cache.keepFacts(new Map([["py:1", FACTS]]));
  expect([...(await cache.facts(["py:1"])).keys()]).toEqual(["py:1"]);
});
