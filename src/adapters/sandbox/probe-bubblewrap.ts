/** Tries the sandbox out with the very flags that agents get: a process inside writes where it may, and fails to where it may not. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox, SandboxProbe } from "../../core/ports/sandbox.ts";
import { NOTHING_INSTALLED } from "../../core/ports/workspace.ts";
import { programFiles } from "./program-files.ts";

const PROGRAM = "bwrap";
const TIMEOUT_MS = 20_000;
/** Bytes of the file that every trial adds its mark to, after which it begins anew. */
const MOST_MARKS = 1_000_000;
const NO_PROGRAM = "install bubblewrap (apt-get install bubblewrap, dnf install bubblewrap)";
const NO_NAMESPACES = "allow user namespaces for bwrap (on Ubuntu 24.04: its AppArmor profile bwrap-userns-restrict)";

/** Writes into the tree, and nowhere else: what it writes into Forkjoin's folder must not arrive, and no part can be moved away. */
const PROBE =
  'echo "$2" >> inside; echo x > "$1"; ! { echo x > fixed; } 2>/dev/null && ! { echo x > /etc/forkjoin-probe; } 2>/dev/null && ! mv ../tmp ../moved 2>/dev/null';

type Trial = Pick<Parameters<Sandbox["enclose"]>[0], "command" | "shown"> & {
  home: string;
  enclose: Sandbox["enclose"];
};

/** Files that `command` needs to start and that are not there inside: looked for by a process inside. */
export function missingFiles(command: string[], trial: Omit<Trial, "command">): string[] {
  const files = programFiles(command);
  const look = ["sh", "-c", 'for file; do [ -e "$file" ] || echo "$file"; done', "look", ...files];
  const { status, stdout } = inWorkspace(trial.home, (folder) => tryOut(folder, { ...trial, command: look }));
  return status === 0 ? stdout.split("\n").filter((file) => file !== "") : [];
}

export function probeBubblewrap(home: string, enclose: Sandbox["enclose"]): SandboxProbe {
  if (process.platform !== "linux") {
    const elsewhere = `bubblewrap is for Linux, this is ${process.platform}`;
    return { works: false, why: elsewhere, cure: "use Linux, or set `sandbox: off`" };
  }
  const version = spawnSync(PROGRAM, ["--version"], { encoding: "utf8", timeout: TIMEOUT_MS });
  if (version.status !== 0) return { works: false, why: "bwrap was not found on PATH", cure: NO_PROGRAM };
  const why = inWorkspace(home, (folder) => {
    const outside = join(home, "escaped");
    rmSync(outside, { force: true });
    const mark = randomBytes(12).toString("hex");
    const command = ["sh", "-c", PROBE, "probe", outside, mark];
    const tried = tryOut(folder, { command, shown: [], home, enclose });
    if (tried.status !== 0)
      return `bwrap does not work here: ${tried.stderr.trim().split("\n").at(-1) || "no reason given"}`;
    const wrote = readFileSync(join(folder, "tree", "inside"), "utf8").includes(mark);
    return wrote && !existsSync(outside) ? undefined : "bwrap did not keep a process in";
  });
  return why === undefined
    ? { works: true, version: version.stdout.trim() }
    : { works: false, why, cure: NO_NAMESPACES };
}

/** One folder for all trials of this machine, so that whatever ends one leaves nothing behind. */
function inWorkspace<T>(home: string, use: (folder: string) => T): T {
  const folder = join(home, "probe");
  for (const name of ["tree", "tmp", "home", "outbox"]) {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  }
  const inside = join(folder, "tree", "inside");
  writeFileSync(join(folder, "tree", "fixed"), "");
  writeFileSync(inside, "", {
    flag: (statSync(inside, { throwIfNoEntry: false })?.size ?? 0) > MOST_MARKS ? "w" : "a",
  });
  return use(folder);
}

function tryOut(folder: string, { command, shown, enclose }: Trial): SpawnSyncReturns<string> {
  const [program = "", ...args] = enclose({
    command,
    directory: join(realpathSync(folder), "tree"),
    folder,
    network: false,
    shown,
    boundary: { task_boundary: "probe", access: "write", scope: ["inside"] },
    hidden: [],
    borrowed: [],
    granted: [],
    guarded: [],
    installed: NOTHING_INSTALLED,
  });
  return spawnSync(program, args, { encoding: "utf8", timeout: TIMEOUT_MS });
}
