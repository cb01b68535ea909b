/** A list of tokens without comments: what is left of a source when only names, literals and punctuation count. */

export const IDENTIFIER = 1;
export const STRING = 2;
export const NUMBER = 3;
export const TEMPLATE = 4;
export const REGEX = 5;
export const PUNCTUATION = 6;

/** Tokens as columns, so that a large file costs four arrays and no objects. */
export class Tokens {
  readonly text: string;
  readonly kinds: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly lines: number[] = [];
  /** a string, template, expression or comment holds so many brackets that it may be code the reader mistook */
  suspicious = false;

  constructor(text: string) {
    this.text = text;
  }

  get count(): number {
    return this.kinds.length;
  }

  push(kind: number, start: number, end: number, line: number): void {
    this.kinds.push(kind);
    this.starts.push(start);
    this.ends.push(end);
    this.lines.push(line);
  }

  kind(index: number): number {
    return this.kinds[index] ?? 0;
  }

  line(index: number): number {
    return this.lines[index] ?? 0;
  }

  start(index: number): number {
    return this.starts[index] ?? 0;
  }

  /** Code of the character a token begins with; 0 when there is no such token. */
  code(index: number): number {
    const start = this.starts[index];
    return start === undefined ? 0 : this.text.charCodeAt(start);
  }

  /** The punctuation at `index`, or "" when the token is something else. */
  punctuation(index: number): string {
    return this.kinds[index] === PUNCTUATION ? (this.text[this.starts[index] ?? 0] ?? "") : "";
  }

  word(index: number): string {
    return this.kinds[index] === IDENTIFIER ? this.raw(index) : "";
  }

  raw(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  /** The value of a string or plain template: what stands between its quotes. */
  literal(index: number): string {
    return this.text.slice((this.starts[index] ?? 0) + 1, (this.ends[index] ?? 0) - 1);
  }
}
