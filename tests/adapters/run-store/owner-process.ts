/** Starts owner-process.mjs and talks to it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ProcessIdentity } from "../../../src/core/model/process-identity.ts";

const SCRIPT = fileURLToPath(new URL("owner-process.mjs", import.meta.url));

export class OwnerProcess {
  readonly child: ChildProcess;
  readonly #lines: Interface;
  readonly #closed: Promise<unknown>;
  readonly #ended: Promise<never>;

  /** `prefix` is a command that runs the process, such as one that gives it namespaces of its own. */
  constructor(folder: string, prefix: string[] = []) {
    const [command = "", ...args] = [...prefix, process.execPath, SCRIPT, folder];
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.child = child;
    this.#lines = createInterface(child.stdout);
    this.#closed = once(child, "close");
    this.#ended = this.#closed.then(() => Promise.reject(new Error("the process has ended")));
    this.#ended.catch(() => undefined);
    child.stdin.on("error", () => undefined);
  }

  /** Its answer; one command at a time. */
  async ask(command: { do: string; [key: string]: unknown }): Promise<unknown> {
    const answer = Promise.race([
      once(this.#lines, "line").then(([line]): unknown => JSON.parse(String(line))),
      this.#ended,
    ]);
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    return answer;
  }

  async self(): Promise<ProcessIdentity> {
    return ProcessIdentity.parse(await this.ask({ do: "self" }));
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#closed;
  }
}
