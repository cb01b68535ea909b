/** Source without what only looks like code: comments and the insides of strings blanked, every place kept (phase 5.2, semantic conflicts). */

interface Lexis {
  /** what a comment begins with → what ends it */
  comments: [start: string, end: string][];
  strings: [start: string, end: string][];
  /** strings of these quotes may hold code between these marks */
  holes: Record<string, [open: string, close: string]>;
}

const C_LIKE: Lexis = {
  comments: [
    ["//", "\n"],
    ["/*", "*/"],
  ],
  strings: [
    ['"', '"'],
    ["'", "'"],
    ["`", "`"],
  ],
  holes: { "`": ["${", "}"] },
};

const PYTHON: Lexis = {
  comments: [["#", "\n"]],
  strings: [
    ['"""', '"""'],
    ["'''", "'''"],
    ['"', '"'],
    ["'", "'"],
  ],
  holes: { '"': ["{", "}"], "'": ["{", "}"] },
};

/** Same length as `text`: blanks stand for comments and for what is in strings; quotes stay, and so does code in templates. */
export function plainCode(text: string, language: string): string {
  return new Blanker(text, language === "python" ? PYTHON : C_LIKE).run();
}

class Blanker {
  readonly #text: string;
  readonly #lexis: Lexis;
  readonly #parts: string[] = [];
  #at = 0;

  constructor(text: string, lexis: Lexis) {
    this.#text = text;
    this.#lexis = lexis;
  }

  run(): string {
    this.#code(undefined);
    return this.#parts.join("");
  }

  /** Up to the end, or to the `close` that ends a hole in a string. */
  #code(close: string | undefined): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const here = this.#text[this.#at] ?? "";
      if (close !== undefined && here === close && depth === 0) return;
      if (here === "{") depth += 1;
      if (here === "}") depth -= 1;
      const comment = this.#begins(this.#lexis.comments);
      const string = comment === undefined ? this.#begins(this.#lexis.strings) : undefined;
      if (comment !== undefined) this.#blank(this.#endOf(comment[0].length, comment[1]));
      else if (string !== undefined) this.#string(string);
      else this.#keep(1);
    }
  }

  #begins(marks: [string, string][]): [string, string] | undefined {
    return marks.find(([start]) => this.#text.startsWith(start, this.#at));
  }

  #string([start, end]: [string, string]): void {
    const hole = this.#lexis.holes[start];
    const formatted = start === "`" || /f/i.test(this.#text[this.#at - 1] ?? "");
    this.#keep(start.length);
    while (this.#at < this.#text.length && !this.#text.startsWith(end, this.#at)) {
      if (end.length === 1 && end !== "`" && this.#text[this.#at] === "\n") return;
      if (hole !== undefined && formatted && this.#text.startsWith(hole[0], this.#at)) {
        this.#keep(hole[0].length);
        this.#code(hole[1]);
        this.#keep(1);
      } else this.#blank(Math.min(this.#text.length, this.#at + (this.#text[this.#at] === "\\" ? 2 : 1)));
    }
    this.#keep(end.length);
  }

  #endOf(from: number, end: string): number {
    const found = this.#text.indexOf(end, this.#at + from);
    if (found === -1) return this.#text.length;
    return end === "\n" ? found : found + end.length;
  }

  #keep(count: number): void {
    this.#parts.push(this.#text.slice(this.#at, this.#at + count));
    this.#at = Math.min(this.#text.length, this.#at + count);
  }

  #blank(end: number): void {
    this.#parts.push(this.#text.slice(this.#at, end).replace(/[^\n\r]/g, " "));
    this.#at = end;
  }
}

/** How often the word stands in the code. */
export function countWord(code: string, word: string): number {
  return [...code.matchAll(wordPattern(word))].length;
}

export function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w$])${escaped(word)}(?![\\w$])`, "g");
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Position after the bracket that closes the one at `open`; undefined when none does. */
export function closing(code: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const here = code[at] ?? "";
    if ("([{".includes(here)) depth += 1;
    if (")]}".includes(here)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** The parts between commas that are in no bracket; blank ones left out. */
export function splitTop(code: string, separators = ","): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= code.length; at += 1) {
    const here = code[at] ?? "";
    const opens = "([{".includes(here) || (here === "<" && /\w/.test(code[at - 1] ?? ""));
    const closes = ")]}".includes(here) || (here === ">" && !"=-".includes(code[at - 1] ?? "") && depth > 0);
    if (here !== "" && opens) depth += 1;
    if (here !== "" && closes) depth -= 1;
    if (at < code.length && !(depth === 0 && separators.includes(here))) continue;
    if (code.slice(from, at).trim() !== "") parts.push({ from, to: at });
    from = at + 1;
  }
  return parts;
}
