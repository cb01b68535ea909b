/** Fate of a definition that the merged tree has no more: renamed, moved, its file deleted, or removed (phase 5.2). */

import type { SymbolFact } from "../../model/code-facts.ts";
import type { SemanticKind } from "../../model/conflict.ts";
import type { BrokenUse } from "./broken-use.ts";
import { plainCode, wordPattern } from "./code-text.ts";
import type { Trees } from "./trees.ts";

export interface Departure {
  kind: SemanticKind;
  /** completes "which …" */
  said: string;
  after: { after?: string };
  /** it is still defined, and no longer given away under that word */
  hidden?: boolean;
  proposal?: string;
}

/** Share of equal lines from which a new symbol counts as the old one under another name. */
const ALIKE = 0.6;

export async function whereItWent(broken: BrokenUse, trees: Trees): Promise<Departure> {
  const { was } = broken;
  const { merged } = trees;
  if (!merged.index.files.has(was.path)) return { kind: "deleted_file", said: "was deleted", after: {} };
  if (merged.symbol(was.path, was.symbol) !== undefined) {
    return { kind: "removed", said: `is no longer exported as ${broken.exported}`, after: {}, hidden: true };
  }
  const renamed = await renamedTo(broken, trees);
  if (renamed === undefined) return { kind: "removed", said: "was removed", after: {} };
  const after = await merged.excerpt(was.path, renamed.name);
  return {
    kind: "renamed",
    said: `was renamed to ${renamed.name}`,
    after: after === undefined ? {} : { after },
    ...(await proposed(broken, renamed.name, trees)),
  };
}

/** A symbol of the same file and kind that is new there and says nearly the same. */
async function renamedTo({ was }: BrokenUse, { user, merged }: Trees): Promise<SymbolFact | undefined> {
  const old = user.symbol(was.path, was.symbol);
  const source = await user.source(was.path, was.symbol);
  if (old === undefined || source === undefined) return undefined;
  const known = new Set(user.index.factsOf(was.path)?.symbols.map((symbol) => symbol.name));
  let best: { symbol: SymbolFact; alike: number } | undefined;
  for (const symbol of merged.index.factsOf(was.path)?.symbols ?? []) {
    if (symbol.kind !== old.kind || known.has(symbol.name)) continue;
    const other = (await merged.source(was.path, symbol.name)) ?? "";
    const alike = likeness(withoutName(source, old.name), withoutName(other, symbol.name));
    if (alike >= ALIKE && alike > (best?.alike ?? 0)) best = { symbol, alike };
  }
  return best?.symbol;
}

function withoutName(source: string, name: string): string {
  return source.replace(wordPattern(name.slice(name.lastIndexOf(".") + 1)), "\u0001");
}

function likeness(a: string, b: string): number {
  const lines = (text: string): string[] =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const [old, now] = [lines(a), lines(b)];
  const present = new Set(now);
  const same = old.filter((line) => present.has(line)).length;
  return (2 * same) / Math.max(1, old.length + now.length);
}

/** The file with the new name in place of the old, where the word can mean nothing else in it. */
async function proposed(
  { path, exported, of }: BrokenUse,
  name: string,
  { merged }: Trees,
): Promise<{ proposal?: string }> {
  const text = await merged.text(path);
  const code = plainCode(text, merged.index.languageOf(path) ?? "");
  const places = [...code.matchAll(wordPattern(exported))].map((match) => match.index);
  const meant = places.filter((at) => (of === undefined ? code[at - 1] !== "." : code.slice(0, at).endsWith(`${of}.`)));
  if (merged.symbol(path, exported) !== undefined || meant.length === 0) return {};
  const fixed = meant.toReversed().reduce((so, at) => so.slice(0, at) + name + so.slice(at + exported.length), text);
  return { proposal: fixed };
}
