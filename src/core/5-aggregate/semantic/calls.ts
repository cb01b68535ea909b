/** The calls of a name in lines that a task wrote: how many arguments, and which by name (phase 5.2). */
import { closing, plainCode, splitTop, wordPattern } from "./code-text.ts";

export interface Call {
  /** 1-based */
  line: number;
  positional: number;
  /** arguments given by name (Python) */
  names: string[];
  /** a spread hides how many there are */
  spread: boolean;
}

const DEFINES = /(?:\bfunction\s*\*?\s*|\bdef\s+|\bfunc\s+(?:\([^)]*\)\s*)?|\bfn\s+|\bclass\s+)$/;

/** `fresh` says which lines count. A definition of the name is no call. */
export function callsOf(text: string, word: string, given: { language: string; fresh(line: number): boolean }): Call[] {
  const code = plainCode(text, given.language);
  return [...code.matchAll(wordPattern(word))].flatMap((match): Call[] => {
    const after = /^\s*(?:<[^(){};]*>)?\(/.exec(code.slice(match.index + word.length));
    const line = lineOf(code, match.index);
    if (after === null || !given.fresh(line) || DEFINES.test(code.slice(0, match.index))) return [];
    const open = match.index + word.length + after[0].length - 1;
    const end = closing(code, open);
    return end === undefined ? [] : [{ line, ...argumentsOf(code.slice(open + 1, end - 1), given.language) }];
  });
}

function argumentsOf(code: string, language: string): Omit<Call, "line"> {
  const list = splitTop(code).map(({ from, to }) => code.slice(from, to).trim());
  const names = list.flatMap((text) => {
    const name = language === "python" ? /^([A-Za-z_]\w*)\s*=(?!=)/.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
  const spread = list.some((text) => text.startsWith("...") || text.startsWith("*") || text.endsWith("..."));
  return { positional: list.length - names.length, names, spread };
}

export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let index = text.indexOf("\n"); index !== -1 && index < at; index = text.indexOf("\n", index + 1)) line += 1;
  return line;
}
