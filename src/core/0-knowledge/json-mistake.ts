/** Phase 0, action 2: where a broken graph stops being JSON, since JSON.parse's own messages seldom name a place and differ by Node version. */

export interface JsonMistake {
  /** both counted from 1, the column in UTF-16 code units */
  line: number;
  column: number;
  /** the text found there, shortened, or "the end of the file" */
  found: string;
  expected: string;
}

type Expected = "a value" | "a value or ]" | "a name in quotes" | "a name in quotes or }" | ":" | "a comma" | "the end";

interface Scan {
  expected: Expected;
  /** the brackets still to be closed, innermost last */
  open: ("}" | "]")[];
}

const MAX_FOUND = 20;
const GAP = /[ \t\n\r]*/y;
const PUNCTUATION_OR_WORD = /[{}[\],:]|[^\s{}[\],:"]+|\s/y;

/** The first place at which `text` is not JSON, or undefined when all of it is. */
export function jsonMistake(text: string): JsonMistake | undefined {
  let scan: Scan = { expected: "a value", open: [] };
  for (let at = skipGap(text, 0); at < text.length; ) {
    const token = tokenAt(text, at);
    const next = advance(scan, token);
    if (next === undefined) return { ...placeOf(text, at), found: shorten(token), expected: wanted(scan) };
    scan = next;
    at = skipGap(text, at + token.length);
  }
  if (scan.expected === "the end") return undefined;
  return { ...placeOf(text, text.length), found: "the end of the file", expected: wanted(scan) };
}

function skipGap(text: string, at: number): number {
  GAP.lastIndex = at;
  return at + (GAP.exec(text)?.[0].length ?? 0);
}

function tokenAt(text: string, at: number): string {
  if (text[at] === '"') return text.slice(at, endOfString(text, at));
  PUNCTUATION_OR_WORD.lastIndex = at;
  return PUNCTUATION_OR_WORD.exec(text)?.[0] ?? text.slice(at, at + 1);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function advance(scan: Scan, token: string): Scan | undefined {
  const { expected, open } = scan;
  if (token === open.at(-1) && (expected === "a comma" || expected.endsWith(` or ${token}`))) {
    open.pop();
    return after(open);
  }
  if (expected === ":") return token === ":" ? { expected: "a value", open } : undefined;
  if (expected === "a comma") return token === "," ? { expected: inside(open), open } : undefined;
  if (expected.startsWith("a name")) return token[0] === '"' && isJson(token) ? { expected: ":", open } : undefined;
  return expected === "the end" ? undefined : advanceValue(open, token);
}

function advanceValue(open: Scan["open"], token: string): Scan | undefined {
  if (token === "{") {
    open.push("}");
    return { expected: "a name in quotes or }", open };
  }
  if (token === "[") {
    open.push("]");
    return { expected: "a value or ]", open };
  }
  return isJson(token) ? after(open) : undefined;
}

function after(open: Scan["open"]): Scan {
  return { expected: open.length === 0 ? "the end" : "a comma", open };
}

function inside(open: Scan["open"]): Expected {
  return open.at(-1) === "}" ? "a name in quotes" : "a value";
}

function isJson(token: string): boolean {
  try {
    JSON.parse(token);
    return true;
  } catch {
    return false;
  }
}

function wanted(scan: Scan): string {
  return scan.expected === "a comma" ? `a comma or ${scan.open.at(-1)}` : scan.expected;
}

function shorten(token: string): string {
  const shown = token.slice(0, MAX_FOUND).replace(/\p{Cc}/gu, "\ufffd");
  return token.length > MAX_FOUND ? `${shown}…` : shown;
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
