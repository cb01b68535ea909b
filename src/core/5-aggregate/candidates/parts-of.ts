/** Phase 5.2 — a source file as its declarations in order, each with the comments and decorators above it, and what stands between them. */
import type { SymbolFact } from "../../model/code-facts.ts";
import { linesOf } from "../smart-merge/regions.ts";

export interface Part {
  /** name of the declaration, counted where it occurs more than once; `>` and the next name for what stands before it */
  key: string;
  text: string;
}

const LEAD = /^\s*(?:@|#|\/\/|\/\*|\*|--|"""\S*$)/;

/** The parts one after the other are the file, byte by byte. */
export function partsOf(text: string, symbols: SymbolFact[]): Part[] {
  const lines = linesOf(text);
  const parts: Part[] = [];
  const seen = new Map<string, number>();
  let done = 0;
  const take = (key: string, end: number): void => {
    if (end <= done) return;
    parts.push({ key, text: lines.slice(done, end).join("") });
    done = end;
  };
  for (const symbol of leaves(symbols)) {
    const first = symbol.line - 1;
    if (first < done || symbol.end > lines.length) continue;
    const count = (seen.get(symbol.name) ?? 0) + 1;
    seen.set(symbol.name, count);
    const key = count === 1 ? symbol.name : `${symbol.name}#${count}`;
    const lead = leadOf(lines, { first, done });
    if (lines.slice(done, lead).some((line) => line.trim() !== "")) take(`>${key}`, lead);
    take(key, symbol.end);
  }
  take("<", lines.length);
  return parts;
}

/** Declarations without others in them, by their place; the head of a class belongs to what stands before its first member. */
function leaves(symbols: SymbolFact[]): SymbolFact[] {
  const sorted = [...symbols].sort((a, b) => a.line - b.line || b.end - a.end);
  return sorted.filter((symbol) => {
    const inside = sorted.some(
      (other) =>
        other !== symbol &&
        other.line >= symbol.line &&
        other.end <= symbol.end &&
        other.end > other.line - 1 &&
        !sameSpan(other, symbol),
    );
    return !(inside && isContainer(symbol, sorted));
  });
}

function sameSpan(a: SymbolFact, b: SymbolFact): boolean {
  return a.line === b.line && a.end === b.end;
}

function isContainer(symbol: SymbolFact, all: SymbolFact[]): boolean {
  return all.some(
    (other) => other.name.startsWith(`${symbol.name}.`) && other.line > symbol.line && other.end <= symbol.end,
  );
}

/** First line of the comments and decorators right above a declaration; blank lines above those go with it. */
function leadOf(lines: string[], { first, done }: { first: number; done: number }): number {
  let at = first;
  while (at > done && LEAD.test(lines[at - 1] ?? "")) at -= 1;
  while (at > done && (lines[at - 1] ?? "").trim() === "") at -= 1;
  return at;
}
