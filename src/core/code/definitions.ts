/** From a use to what it really is defined as, and nothing when no file defines it (any more): references without the benefit of the doubt. */
import type { ImportFact, UseFact } from "../model/code-facts.ts";
import type { CodeIndex } from "./code-index.ts";
import { packageMates } from "./package-mates.ts";
import { type Binding, bindingsOf, exportOf, memberOf, type Place, starPlaces } from "./references.ts";

/** Definitions of the names that `path` uses, in this repository; the files it imports must have been loaded. */
export function definitionsFor(path: string, index: CodeIndex): (use: UseFact) => Place[] {
  const facts = index.factsOf(path);
  if (facts === undefined) return () => [];
  const bindings = bindingsOf(facts);
  const own = new Set(facts.symbols.map((symbol) => symbol.name));
  const mates = packageMates(path, index);
  return (use) => {
    const bound = bindings.get(use.name);
    if (bound !== undefined) return bound.flatMap((binding) => boundTo(path, use, binding, index));
    if (own.has(use.name)) return [{ path, symbol: use.name }];
    const mate = mates(use.name);
    return mate === undefined ? starPlaces(path, use, facts, index) : [{ path: mate, symbol: use.name }];
  };
}

function boundTo(from: string, use: UseFact, { name, fact }: Binding, index: CodeIndex): Place[] {
  return index.targets(from, { ...fact, names: [{ name, as: use.name }] }).flatMap((target) => {
    const wanted = target.module || name === "*" ? (use.member ?? "*") : (target.symbol ?? name);
    const found = exportOf({ path: target.path, symbol: wanted }, index, new Set());
    return found === undefined ? [] : [memberOf(found, wanted, use, index)];
  });
}

/** Definitions behind one imported name; `*` is the module itself. */
export function importedAs(from: string, fact: ImportFact, name: string, index: CodeIndex): Place[] {
  const word = { name, as: name };
  return index.targets(from, { ...fact, names: [word] }).flatMap((target) => {
    if (target.module || name === "*") return [{ path: target.path, symbol: "*" }];
    return exportOf({ path: target.path, symbol: target.symbol ?? name }, index, new Set()) ?? [];
  });
}
