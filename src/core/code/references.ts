/** From names to places: which symbol of which file a use means, through aliases and re-exports (phase 2.2). */
import type { CodeFacts, ImportFact, ImportKind, UseFact } from "../model/code-facts.ts";
import type { CodeIndex } from "./code-index.ts";
import { packageMates } from "./package-mates.ts";

export interface Reference {
  /** top-level symbol around the use; empty at the file's top level */
  within: string;
  line: number;
  to: string;
  /** symbol of `to`; `*` when the whole module is meant */
  symbol: string;
  via: ImportKind | "same_file" | "same_package";
}

export interface Binding {
  name: string;
  fact: ImportFact;
}

export interface Place {
  path: string;
  symbol: string;
}

const MAX_HOPS = 40;

/** References of `path` to itself and to others, in the order of its source. The files it imports must have been loaded. */
export function referencesOf(path: string, index: CodeIndex): Reference[] {
  const facts = index.factsOf(path);
  if (facts === undefined) return [];
  const known: Known = {
    facts,
    bindings: bindingsOf(facts),
    own: new Set(facts.symbols.map((symbol) => symbol.name)),
    mates: packageMates(path, index),
  };
  return once(facts.uses.flatMap((use) => referencesFor(path, use, known, index)));
}

/** Names that a file knows, and their origins. */
interface Known {
  facts: CodeFacts;
  bindings: Map<string, Binding[]>;
  own: Set<string>;
  mates(name: string): string | undefined;
}

function referencesFor(path: string, use: UseFact, known: Known, index: CodeIndex): Reference[] {
  const { within, line, name } = use;
  const found = (place: Place, via: Reference["via"]): Reference => {
    return { within, line, to: place.path, symbol: place.symbol, via };
  };
  const bound = known.bindings.get(name);
  if (bound !== undefined) {
    return bound.flatMap((binding) =>
      placesOf(path, use, binding, index).map((place) => found(place, binding.fact.kind)),
    );
  }
  if (known.own.has(name)) return [found({ path, symbol: name }, "same_file")];
  const mate = known.mates(name);
  if (mate !== undefined) return [found({ path: mate, symbol: name }, "same_package")];
  return starPlaces(path, use, known.facts, index).map((place) => found(place, "static"));
}

/** Each target once per place of use. */
function once(references: Reference[]): Reference[] {
  const seen = new Set<string>();
  return references.filter(({ within, to, symbol }) => {
    const key = `${within}\n${to}\n${symbol}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function bindingsOf(facts: CodeFacts): Map<string, Binding[]> {
  const bindings = new Map<string, Binding[]>();
  for (const fact of facts.imports) {
    if (fact.kind === "reexport" && facts.language !== "rust") continue;
    for (const { name, as } of fact.names) {
      if (as !== "*") bindings.set(as, [...(bindings.get(as) ?? []), { name, fact }]);
    }
  }
  return bindings;
}

function placesOf(from: string, use: UseFact, { name, fact }: Binding, index: CodeIndex): Place[] {
  const targets = index.targets(from, { ...fact, names: [{ name, as: use.name }] });
  const places = targets.flatMap((target) => {
    const wanted = target.module || name === "*" ? (use.member ?? "*") : (target.symbol ?? name);
    const found = exportOf({ path: target.path, symbol: wanted }, index, new Set());
    return found === undefined ? [] : [memberOf(found, wanted, use, index)];
  });
  if (places.length > 0) return places;
  return targets.slice(0, 1).map(({ path, symbol, module }) => {
    return { path, symbol: module || name === "*" ? "*" : (symbol ?? name) };
  });
}

/** A name that turned out to be a whole module (`export * as name from …`): its member is what is used. */
export function memberOf(found: Place, wanted: string, { member }: UseFact, index: CodeIndex): Place {
  if (found.symbol !== "*" || wanted === "*" || member === undefined) return found;
  return exportOf({ path: found.path, symbol: member }, index, new Set()) ?? found;
}

/** Names that came in through `from x import *`. */
export function starPlaces(from: string, use: UseFact, facts: CodeFacts, index: CodeIndex): Place[] {
  for (const fact of facts.imports) {
    if (!fact.names.some((name) => name.as === "*")) continue;
    for (const target of index.targets(from, fact)) {
      const found = exportOf({ path: target.path, symbol: use.name }, index, new Set());
      if (found !== undefined) return [found];
    }
  }
  return [];
}

/** Where the export `symbol` of a file is really defined; undefined when the file is known and has no such export. */
export function exportOf(place: Place, index: CodeIndex, seen: Set<string>): Place | undefined {
  const facts = index.factsOf(place.path);
  if (facts === undefined || place.symbol === "*" || facts.depth === "file") return place;
  const key = `${place.path}\n${place.symbol}`;
  if (seen.has(key) || seen.size > MAX_HOPS) return undefined;
  seen.add(key);
  const listed = facts.exports.find((entry) => entry.name === place.symbol);
  const local = listed?.local ?? place.symbol;
  const symbol = facts.symbols.find(
    (one) => one.name === local && (listed !== undefined || visible(one.exported, facts)),
  );
  if (symbol !== undefined) return { path: place.path, symbol: local };
  const handed = handedOn(place.path, local, { facts, listed: listed !== undefined }, index, seen);
  if (handed !== undefined) return handed;
  return listed === undefined ? undefined : { path: place.path, symbol: place.symbol };
}

function visible(exported: boolean, facts: CodeFacts): boolean {
  return exported || (facts.language !== "javascript" && facts.language !== "typescript");
}

/** Through `export … from`, an exported import, or (where every import is an export) any import. */
function handedOn(
  path: string,
  name: string,
  { facts, listed }: { facts: CodeFacts; listed: boolean },
  index: CodeIndex,
  seen: Set<string>,
): Place | undefined {
  const all = listed || facts.language === "python";
  const stars: ImportFact[] = [];
  for (const fact of facts.imports) {
    if (!all && fact.kind !== "reexport") continue;
    const word = fact.names.find((one) => one.as === name);
    if (word === undefined && fact.names.some((one) => one.as === "*")) stars.push(fact);
    if (word !== undefined) {
      const [target] = index.targets(path, { ...fact, names: [word] });
      if (target === undefined) continue;
      const place = { path: target.path, symbol: target.module ? "*" : (target.symbol ?? word.name) };
      return exportOf(place, index, seen) ?? place;
    }
  }
  for (const fact of stars) {
    for (const target of index.targets(path, fact)) {
      const found = exportOf({ path: target.path, symbol: name }, index, seen);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
