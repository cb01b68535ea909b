/** Symbols from a query's matches: `@definition.KIND` with its `@name`; `@scope` only lends its name to what it holds. */
import type { SymbolFact } from "../../../core/model/code-facts.ts";
import type { Tokens } from "../tokens.ts";
import type { Region } from "../uses.ts";
import type { Found } from "./grammar.ts";

export interface Definition extends SymbolFact {
  /** place in the text */
  from: number;
  to: number;
}

interface Open {
  name: string;
  to: number;
}

const PREFIX = "definition.";

/** In the order of the source; nested ones are called `Outer.inner`. */
export function definitionsIn(matches: Found[][], exported: (name: string, node: string) => boolean): Definition[] {
  const found = matches.flatMap(definitionIn).sort((a, b) => a.from - b.from || b.to - a.to);
  const open: Open[] = [];
  const definitions: Definition[] = [];
  for (const { kind, name, head, from, to, line, end } of found) {
    while ((open.at(-1)?.to ?? Number.MAX_SAFE_INTEGER) <= from) open.pop();
    const outer = open.at(-1)?.name;
    const whole = outer === undefined ? name : `${outer}.${name}`;
    open.push({ name: whole, to });
    if (kind !== "scope") definitions.push({ name: whole, kind, line, end, exported: exported(name, head), from, to });
  }
  return definitions;
}

interface Raw extends Omit<Definition, "exported"> {
  /** how the definition begins, modifiers included */
  head: string;
}

function definitionIn(match: Found[]): Raw[] {
  const whole = match.find((one) => one.name === "scope" || one.name.startsWith(PREFIX));
  if (whole === undefined) return [];
  const owner = match.find((one) => one.name === "owner")?.node.text;
  return match
    .filter((one) => one.name === "name")
    .map(({ node: { text } }) => {
      const { node } = whole;
      const [line, end] = [node.startPosition.row + 1, node.endPosition.row + 1];
      const kind = whole.name === "scope" ? "scope" : whole.name.slice(PREFIX.length);
      const name = owner === undefined ? text : `${owner}.${text}`;
      return { kind, name, head: node.text.slice(0, 120), from: node.startIndex, to: node.endIndex, line, end };
    });
}

/** Top-level definitions as stretches of the token list; for uses, what is nested belongs to its outermost symbol. */
export function regionsOf(definitions: Definition[], tokens: Tokens): Region[] {
  const regions: Region[] = [];
  let at = 0;
  let end = -1;
  for (const { name, from, to } of definitions) {
    if (from < end) continue;
    end = to;
    while (at < tokens.count && tokens.start(at) < from) at += 1;
    const first = at;
    while (at < tokens.count && tokens.start(at) < to) at += 1;
    regions.push({ name: name.split(".")[0] ?? name, first, last: at });
  }
  return regions;
}

export function toSymbols(definitions: Definition[]): SymbolFact[] {
  return definitions.map(({ from: _from, to: _to, ...symbol }) => symbol);
}
