/** Log of a process's output, however much it is: the first 10 MB on disk and the last 8 KB in memory. */
import { closeSync, openSync, writeSync } from "node:fs";

const LOG_CAP_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

export class CappedLog {
  readonly #fd: number;
  #written = 0;
  readonly #tail: Buffer = Buffer.alloc(TAIL_BYTES);
  #tailLength = 0;
  #full = false;

  constructor(file: string) {
    this.#fd = openSync(file, "a", 0o600);
  }

  write(chunk: Buffer): void {
    this.#remember(chunk);
    if (this.#full) return;
    const room = LOG_CAP_BYTES - this.#written;
    this.#append(chunk.subarray(0, room));
    this.#written += Math.min(chunk.length, room);
    if (chunk.length > room) {
      this.#append(Buffer.from(`\n[log cut after ${LOG_CAP_BYTES} bytes]\n`));
      this.#full = true;
    }
  }

  /** In place: what is printed comes in pieces far larger than what is kept of them. */
  #remember(chunk: Buffer): void {
    const added = chunk.subarray(-TAIL_BYTES);
    const left = Math.min(this.#tailLength, TAIL_BYTES - added.length);
    this.#tail.copyWithin(0, this.#tailLength - left, this.#tailLength);
    added.copy(this.#tail, left);
    this.#tailLength = left + added.length;
  }

  /** A full disk must not end the run: the log stops, the work goes on. */
  #append(chunk: Buffer): void {
    try {
      writeSync(this.#fd, chunk);
    } catch {
      this.#full = true;
    }
  }

  tail(): string {
    return this.#tail.toString("utf8", 0, this.#tailLength);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
