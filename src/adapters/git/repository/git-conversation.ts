/** One git process that answers request after request, for commands with a batch mode: a process per object would cost more than the work. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { type GitPlace, gitEnvironment, SAFE_CONFIG } from "../git.ts";

/** Reads one answer from the beginning of `bytes`: what it says and how many bytes it took, or undefined while it is not whole. */
export type ReadAnswer<T> = (bytes: Buffer) => { answer: T; length: number } | undefined;

interface Waiting {
  take(bytes: Buffer): number | undefined;
  fail(error: Error): void;
}

export class GitConversation {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  readonly #closed: Promise<void>;
  #bytes: Buffer = Buffer.alloc(0);
  #said = "";
  #ended = false;

  constructor(place: GitPlace, args: string[]) {
    const config = SAFE_CONFIG.flatMap((setting) => ["-c", setting]);
    const env = gitEnvironment(place);
    this.#child = spawn("git", [...config, ...args], { cwd: place.cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.on("data", (chunk) => {
      this.#said = `${this.#said}${chunk}`.slice(-1_000);
    });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#closed = new Promise((resolve) => {
      this.#child.once("error", (error) => this.#end(error.message, resolve));
      this.#child.once("close", (code) => this.#end(this.#said.trim() || `exit code ${code}`, resolve));
    });
  }

  /** Answers come in the order of the requests. Rejects when git ends before it has answered. */
  async ask<T>(request: string | Buffer, read: ReadAnswer<T>): Promise<T> {
    if (this.#ended) throw new Error(`git ended: ${this.#said.trim()}`);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        take(bytes) {
          const found = read(bytes);
          if (found !== undefined) resolve(found.answer);
          return found?.length;
        },
        fail: reject,
      });
      this.#child.stdin.write(request);
    });
  }

  /** Ends git and waits until it has gone. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }

  #read(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const length = first.take(this.#bytes);
      if (length === undefined) return;
      this.#waiting.shift();
      this.#bytes = this.#bytes.subarray(length);
    }
  }

  #end(cause: string, resolve: () => void): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting.fail(new Error(`git ended: ${cause}`));
    resolve();
  }
}
