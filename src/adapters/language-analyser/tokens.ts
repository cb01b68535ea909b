/** A list of tokens without comments: what is left of a source when only names, literals and punctuation count. */

export const IDENTIFIER = 1;
export const STRING = 2;
export const NUMBER = 3;
export const TEMPLATE = 4;
export const REGEX = 5;
export const PUNCTUATION = 6;

const COLUMNS = 3;
const FIRST_ROOM = 65_536;
const MOST_KEPT = 1_048_576;
const spare: Int32Array[] = [];

/** Tokens as rows of one typed array, which is handed from file to file: a large repository costs no more memory than a large file. */
export class Tokens {
  readonly text: string;
  count = 0;
  /** a string, template, expression or comment holds so many brackets that it may be code the reader mistook */
  suspicious = false;
  /** there are conflict markers in it */
  broken = false;
  #rows: Int32Array;

  constructor(text: string) {
    this.text = text;
    this.#rows = spare.pop() ?? new Int32Array(FIRST_ROOM);
  }

  /** Gives the array back; the tokens must not be read afterwards. */
  release(): void {
    if (this.#rows.length <= MOST_KEPT && spare.length < 4) spare.push(this.#rows);
    this.#rows = new Int32Array(0);
    this.count = 0;
  }

  push(kind: number, start: number, end: number, line: number): void {
    const at = this.count * COLUMNS;
    if (at + COLUMNS > this.#rows.length) {
      const larger = new Int32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows[at] = start;
    this.#rows[at + 1] = end;
    this.#rows[at + 2] = line * 8 + kind;
    this.count += 1;
  }

  kind(index: number): number {
    return index < 0 || index >= this.count ? 0 : (this.#rows[index * COLUMNS + 2] ?? 0) & 7;
  }

  line(index: number): number {
    return index < 0 || index >= this.count ? 0 : (this.#rows[index * COLUMNS + 2] ?? 0) >> 3;
  }

  /** The line a token ends on: templates, and strings of some languages, go over several. */
  lastLine(index: number): number {
    const kind = this.kind(index);
    if (kind !== TEMPLATE && kind !== STRING) return this.line(index);
    return this.line(index) + this.raw(index).split("\n").length - 1;
  }

  start(index: number): number {
    return this.#rows[index * COLUMNS] ?? 0;
  }

  end(index: number): number {
    return this.#rows[index * COLUMNS + 1] ?? 0;
  }

  /** Code of the character a token begins with; 0 when there is no such token. */
  code(index: number): number {
    return this.kind(index) === 0 ? 0 : this.text.charCodeAt(this.start(index));
  }

  /** The punctuation at `index`, or "" when the token is something else. */
  punctuation(index: number): string {
    return this.kind(index) === PUNCTUATION ? (this.text[this.start(index)] ?? "") : "";
  }

  word(index: number): string {
    return this.kind(index) === IDENTIFIER ? this.raw(index) : "";
  }

  raw(index: number): string {
    return this.text.slice(this.start(index), this.end(index));
  }

  /** The value of a string or plain template: what stands between its quotes. */
  literal(index: number): string {
    return this.text.slice(this.start(index) + 1, this.end(index) - 1);
  }
}
