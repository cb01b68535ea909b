/** Where the names that matter (imports, own symbols) are used: one entry per name, member and surrounding symbol. */
import type { UseFact } from "../../core/model/code-facts.ts";
import { IDENTIFIER, type Tokens } from "./tokens.ts";

export interface Region {
  name: string;
  /** places in the token list, end exclusive */
  first: number;
  last: number;
}

export interface WantedNames {
  /** names whose uses are wanted */
  names: Set<string>;
  /** names that may stand for a module or package: the member after the dot may be what is used */
  modules: Set<string>;
  /** is the name at this place really a use (not a key, not a declaration)? */
  counts(tokens: Tokens, index: number): boolean;
}

/** `regions` in the order of the source. A name inside its own declaration is no use. */
export function usesIn(tokens: Tokens, regions: Region[], wanted: WantedNames): UseFact[] {
  const found = new Map<string, UseFact>();
  const likely = shapesOf(wanted.names);
  let region = 0;
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kind(index) !== IDENTIFIER || likely[shapeAt(tokens, index)] === 0) continue;
    while (region < regions.length && (regions[region]?.last ?? 0) <= index) region += 1;
    const name = tokens.word(index);
    if (!wanted.names.has(name) || isMember(tokens, index) || !wanted.counts(tokens, index)) continue;
    const around = regions[region];
    const within = around !== undefined && around.first <= index ? around.name : "";
    if (name === within) continue;
    const member = wanted.modules.has(name) ? memberAfter(tokens, index) : undefined;
    const key = `${within}\n${name}\n${member ?? ""}`;
    if (found.has(key)) continue;
    const line = tokens.line(index);
    found.set(key, member === undefined ? { name, line, within } : { name, member, line, within });
  }
  return [...found.values()];
}

const SHAPES = 4_096;

/** First character and length: most words of a file are no wanted name by these alone, and need not be cut out of the text. */
function shapeOf(first: number, length: number): number {
  return ((first & 127) << 5) | (length & 31);
}

function shapeAt(tokens: Tokens, index: number): number {
  return shapeOf(tokens.code(index), tokens.end(index) - tokens.start(index));
}

function shapesOf(names: Set<string>): Uint8Array {
  const shapes = new Uint8Array(SHAPES);
  for (const name of names) shapes[shapeOf(name.charCodeAt(0), name.length)] = 1;
  return shapes;
}

/** After a dot, which is not the last of the three of a spread. */
function isMember(tokens: Tokens, index: number): boolean {
  return tokens.punctuation(index - 1) === "." && tokens.punctuation(index - 2) !== ".";
}

function memberAfter(tokens: Tokens, index: number): string | undefined {
  const dot = tokens.punctuation(index + 1) === "?" ? index + 2 : index + 1;
  const colons = tokens.punctuation(dot) === ":" && tokens.punctuation(dot + 1) === ":";
  if (tokens.punctuation(dot) !== "." && !colons) return undefined;
  return tokens.word(colons ? dot + 2 : dot + 1) || undefined;
}
