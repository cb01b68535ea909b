/** Phase 5.2 — lock files made of blocks or lines that each stand for one package (Cargo, Poetry, Yarn, Go): merged by package. */
import type { Shrunk, TextSides } from "./merge-by-key.ts";

interface Block {
  key: string;
  text: string;
}

export function mergeBlocks(name: string, sides: TextSides): Shrunk | undefined {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((text) => blocksOf(name, text));
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  const [old, first, second] = [base, ours, theirs].map(
    (blocks) => new Map(blocks.map(({ key, text }) => [key, text])),
  );
  if (old === undefined || first === undefined || second === undefined) return undefined;
  if (old.size !== base.length || first.size !== ours.length || second.size !== theirs.length) return undefined;
  const merged: string[] = [];
  const clashes: string[] = [];
  for (const key of keysInOrder(ours, theirs)) {
    const [was, our, their] = [old.get(key), first.get(key), second.get(key)];
    const clash = their !== was && our !== was && our !== their;
    const chosen = their === was ? our : their;
    if (clash) clashes.push(key);
    else if (chosen !== undefined) merged.push(chosen);
  }
  if (clashes.length > 0 || isMissed({ old, first, second })) return undefined;
  const text = merged.join("");
  return { base: text, ours: text, theirs: text, by: ["lock_file"], clashes: [], lower: [] };
}

interface Versions {
  old: Map<string, string>;
  first: Map<string, string>;
  second: Map<string, string>;
}

/** Whether one side took a package out that a block of the other side, new or changed, asks for. */
function isMissed({ old, first, second }: Versions): boolean {
  const misses = (without: Map<string, string>, other: Map<string, string>): boolean => {
    const gone = [...old.keys()].filter((key) => !without.has(key));
    const asking = [...other].filter(([key, text]) => old.get(key) !== text).map(([, text]) => text);
    return gone.some((key) => asking.some((text) => mentions(text, nameIn(key))));
  };
  return misses(first, second) || misses(second, first);
}

/** Name of the package: the first word of a key, without what Yarn writes around it. */
function nameIn(key: string): string {
  return /^"?(@?[^@\s"]+)/.exec(key)?.[1] ?? key;
}

function mentions(text: string, name: string): boolean {
  return text.split(/[^\w@/.-]+/).some((word) => word === name || word.startsWith(`${name}@`));
}

/** Ours, with each key that only theirs has after its nearest neighbour before it. */
function keysInOrder(ours: Block[], theirs: Block[]): string[] {
  const keys = ours.map((block) => block.key);
  const known = new Set(keys);
  let after = -1;
  for (const { key } of theirs) {
    if (known.has(key)) after = keys.indexOf(key);
    else {
      after += 1;
      keys.splice(after, 0, key);
      known.add(key);
    }
  }
  return keys;
}

function blocksOf(name: string, text: string): Block[] | undefined {
  if (name === "go.sum")
    return text.split(/(?<=\n)/).map((line) => ({ key: line.split(" ").slice(0, 2).join(" "), text: line }));
  const parts = text.split(/(?<=\n)\n(?=\S)/).map((part, at) => (at === 0 ? part : `\n${part}`));
  const blocks = parts.map((part): Block => ({ key: keyOf(name, part.trimStart()), text: part }));
  return blocks.some((block) => block.key === "") ? undefined : blocks;
}

/** `[[package]]` by name and version; a Yarn entry by the line it begins with; a file's head and tail by their first line. */
function keyOf(name: string, block: string): string {
  const [first = ""] = block.split("\n");
  if (name === "yarn.lock" || first !== "[[package]]")
    return first === "" ? "" : `${first}${first === "[[package]]" ? block : ""}`;
  const field = (word: string): string => new RegExp(`^${word} = "(.*)"$`, "m").exec(block)?.[1] ?? "";
  return `${field("name")} ${field("version")} ${field("source")}`;
}
