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

interface Binding {
  name: string;
  fact: ImportFact;
}

interface Place {
  path: string;
  symbol: string;
}

const MAX_HOPS = 40;

/** What `path` uses of itself and of others, in the order of its source. The files it imports must have been loaded. */
export function referencesOf(path: string, index: CodeIndex): Reference[] {
  const facts = index.factsOf(path);
  if (facts === undefined) return [];
  const bindings = bindingsOf(facts);
  const own = new Set(facts.symbols.map((symbol) => symbol.name));
  const mates = packageMates(path, index);
  return facts.uses.flatMap((use): Reference[] => {
    const { within, line } = use;
    const bound = bindings.get(use.name);
    if (bound !== undefined) {
      return bound.flatMap((binding) => {
        const via = binding.fact.kind;
        return placesOf(path, use, binding, index).map(({ path: to, symbol }) => ({ within, line, to, symbol, via }));
      });
    }
    if (own.has(use.name)) return [{ within, line, to: path, symbol: use.name, via: "same_file" }];
    const mate = mates(use.name);
    if (mate !== undefined) return [{ within, line, to: mate, symbol: use.name, via: "same_package" }];
    return starPlaces(path, use, facts, index).map(({ path: to, symbol }) => ({
      within,
      line,
      to,
      symbol,
      via: "static",
    }));
  });
}

function bindingsOf(facts: CodeFacts): Map<string, Binding[]> {
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
    return found === undefined ? [] : [found];
  });
  if (places.length > 0) return places;
  return targets.slice(0, 1).map(({ path, symbol, module }) => {
    return { path, symbol: module || name === "*" ? "*" : (symbol ?? name) };
  });
}

/** Names that came in through `from x import *`. */
function starPlaces(from: string, use: UseFact, facts: CodeFacts, index: CodeIndex): Place[] {
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
