/** One file's facts as a line of a pack: what most questions need is parsed at once, the rest when it is asked for. */
import type { CodeFacts, SymbolFact, UseFact } from "../../core/model/code-facts.ts";

interface Details {
  symbols: SymbolFact[];
  uses: UseFact[];
}

export function writeLine(key: string, { symbols, uses, ...first }: CodeFacts): string {
  const details: Details = { symbols, uses };
  return [key, JSON.stringify(first), JSON.stringify(details)].join("\t");
}

export function keyOfLine(line: string): string {
  return line.slice(0, line.indexOf("\t"));
}

/** The pack's sum has vouched for the line: it is what this version wrote, and JSON has no bare tab. */
export function readLine(line: string): CodeFacts {
  const [, first = "", rest = ""] = line.split("\t");
  const facts: Omit<CodeFacts, keyof Details> = JSON.parse(first);
  let known: Details | undefined;
  const details = (): Details => {
    const read: Details = known ?? JSON.parse(rest);
    known = read;
    return read;
  };
  return {
    ...facts,
    get symbols() {
      return details().symbols;
    },
    get uses() {
      return details().uses;
    },
  };
}
