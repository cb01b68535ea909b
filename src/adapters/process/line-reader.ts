/** Cuts a stream into lines without ever holding more than one capped line: what is longer is dropped and counted. */

const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

export class LineReader {
  readonly #read: (line: string) => void;
  readonly #cap: number;
  #parts: Buffer[] = [];
  #held = 0;
  #tooLong = false;
  #dropped = 0;

  constructor(read: (line: string) => void, cap: number = MAX_LINE_BYTES) {
    this.#read = read;
    this.#cap = cap;
  }

  /** lines that were longer than the cap */
  get dropped(): number {
    return this.#dropped;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#held === 0 && !this.#tooLong) this.#whole(chunk, start, end);
      else {
        this.#hold(chunk.subarray(start, end));
        this.#flush();
      }
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  /** The last line need not end with a line break. */
  end(): void {
    this.#flush();
  }

  /** A line that lies in one piece is not copied: agents print millions of them. */
  #whole(chunk: Buffer, start: number, end: number): void {
    if (end - start > this.#cap) this.#dropped += 1;
    else if (end > start) this.#read(chunk.toString("utf8", start, end));
  }

  #hold(part: Buffer): void {
    if (part.length === 0 || this.#tooLong) return;
    if (this.#held + part.length > this.#cap) {
      this.#parts = [];
      this.#held = 0;
      this.#tooLong = true;
      return;
    }
    this.#parts.push(Buffer.from(part));
    this.#held += part.length;
  }

  #flush(): void {
    if (this.#tooLong) this.#dropped += 1;
    else if (this.#held > 0) this.#read(Buffer.concat(this.#parts).toString("utf8"));
    this.#parts = [];
    this.#held = 0;
    this.#tooLong = false;
  }
}
