/** Tries the sandbox out with the very flags that agents get: a process inside writes where it may, and fails to where it may not. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox, SandboxProbe } from "../../core/ports/sandbox.ts";
import { NOTHING_INSTALLED } from "../../core/ports/workspace.ts";
import { programFiles } from "./program-files.ts";

const PROGRAM = "bwrap";
const TIMEOUT_MS = 20_000;
const NO_PROGRAM = "install bubblewrap (apt-get install bubblewrap, dnf install bubblewrap)";
const NO_NAMESPACES = "allow user namespaces for bwrap (on Ubuntu 24.04: its AppArmor profile bwrap-userns-restrict)";

/** Writes into the tree, and nowhere else: what it writes into Forkjoin's folder must not arrive, and no part can be moved away. */
const PROBE =
  'echo x > inside; echo x > "$1"; ! { echo x > fixed; } 2>/dev/null && ! { echo x > /etc/forkjoin-probe; } 2>/dev/null && ! mv ../tmp ../moved 2>/dev/null';

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
    const outside = join(home, `escaped-${process.pid}`);
    const command = ["sh", "-c", PROBE, "probe", outside];
    const tried = tryOut(folder, { command, shown: [], home, enclose });
    if (tried.status !== 0)
      return `bwrap does not work here: ${tried.stderr.trim().split("\n").at(-1) || "no reason given"}`;
    const wrote = statSync(join(folder, "tree", "inside"), { throwIfNoEntry: false })?.size === 2;
    return wrote && !existsSync(outside) ? undefined : "bwrap did not keep a process in";
  });
  return why === undefined
    ? { works: true, version: version.stdout.trim() }
    : { works: false, why, cure: NO_NAMESPACES };
}

function inWorkspace<T>(home: string, use: (folder: string) => T): T {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(home, "probe-"));
  try {
    for (const name of ["tree", "tmp", "home", "outbox"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "tree", "fixed"), "");
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
