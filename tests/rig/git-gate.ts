/** A git in front of git that a test can hold at its nth call: what a server does while one of its awaits takes long. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Rig } from "./rig.ts";

const GIT = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();

/** Calls take numbers while the gate is armed; the one with the armed number waits for a writer of the pipe. */
const wrapper = (folder: string): string => `#!/bin/sh
G='${folder}'
if [ -e "$G/armed" ]; then
  n=1
  while [ -e "$G/armed" ] && ! mkdir "$G/call.$n" 2>/dev/null; do n=$((n+1)); done
  if [ -e "$G/armed" ] && [ "$n" = "$(cat "$G/armed")" ]; then
    : > "$G/waiting"
    exec 3<"$G/gate" 3<&-
  fi
fi
exec '${GIT}' "$@"
`;

export class GitGate {
  readonly #folder: string;
  #opened: number | undefined;

  /** Commands and servers that the rig starts from now on use the gate's git. */
  constructor(rig: Rig) {
    this.#folder = join(rig.folder, "gate");
    rig.file("bin/git", wrapper(this.#folder), 0o755);
    rig.env.PATH = `${join(rig.folder, "bin")}:${process.env.PATH}`;
    mkdirSync(this.#folder);
    execFileSync("mkfifo", [join(this.#folder, "gate")]);
  }

  /** The `number`th call from now on will be held. */
  arm(number: number): void {
    this.open();
    if (this.#opened !== undefined) closeSync(this.#opened);
    this.#opened = undefined;
    rmSync(join(this.#folder, "waiting"), { force: true });
    for (const name of readdirSync(this.#folder)) {
      if (name.startsWith("call.")) rmdirSync(join(this.#folder, name));
    }
    writeFileSync(join(this.#folder, "armed"), String(number));
  }

  /** Resolves when a call is held, or when `other` settles. */
  async holds(other: Promise<unknown>): Promise<void> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    void other.then(end, end);
    while (!isOver && !existsSync(join(this.#folder, "waiting"))) await delay(2);
  }

  /** Lets the held call go on, and every later one. */
  open(): void {
    rmSync(join(this.#folder, "armed"), { force: true });
    this.#opened ??= openSync(join(this.#folder, "gate"), constants.O_RDWR);
  }

  close(): void {
    if (this.#opened !== undefined) closeSync(this.#opened);
    this.#opened = undefined;
  }
}
