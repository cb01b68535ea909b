/** Ends a process with everything it started: its group first, then whatever left the group but still carries its mark. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const GRACE_MS = 5_000;
const POLL_MS = 25;

/**
 * The variable that marks every process of a workspace with the workspace's folder; children inherit it. It is the same before and
 * after a crash of the coordinator, so that what it left can be found.
 */
export const MARK = "FORKJOIN_PROCESS_MARK";

export interface Tree {
  /** the process that was started; it leads a group of its own */
  pid: number;
  mark: string;
  /** that process is the sandbox around the others: were it asked to end, they would be killed before they could answer */
  walled?: boolean;
}

/** SIGTERM to the group, five seconds, SIGKILL; then SIGKILL to marked processes that started a session of their own. */
export async function killTree({ pid, mark, walled = false }: Tree): Promise<void> {
  if (process.platform === "win32") {
    killWindowsTree(pid);
    return;
  }
  if ((walled && signalInside(pid)) || signalGroup(pid, "SIGTERM")) {
    const end = Date.now() + GRACE_MS;
    while (Date.now() < end && groupExists(pid)) await delay(POLL_MS);
    signalGroup(pid, "SIGKILL");
  }
  killMarked(mark);
}

/** SIGKILL at once to the processes left when the process itself has ended: no second chance for those. */
export function killLeftovers(pid: number, mark: string): void {
  if (process.platform === "win32") killWindowsTree(pid);
  else signalGroup(pid, "SIGKILL");
  killMarked(mark);
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** SIGTERM to all of the group but its leader; false when there is nobody else. */
function signalInside(leader: number): boolean {
  const inside = groupMembers(leader).filter((pid) => pid !== leader);
  for (const pid of inside) signalOne(pid, "SIGTERM");
  return inside.length > 0;
}

/** Read from field 5 of /proc/PID/stat: Linux only, as the sandbox is. */
function groupMembers(leader: number): number[] {
  return processIds().filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) === leader;
    } catch {
      return false;
    }
  });
}

function processIds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process ended by itself between the look and the signal.
  }
}

function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends processes marked with `mark` or with a folder below it. Repeated until a pass finds nobody, since a process may fork while
 * the table is read. Linux only: elsewhere the group is all there is.
 */
export function killMarked(mark: string): void {
  for (let pass = 0; pass < 20; pass++) {
    const found = markedProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) signalOne(pid, "SIGKILL");
  }
}

function markedProcesses(mark: string): number[] {
  if (process.platform !== "linux") return [];
  return processIds().filter((pid) => pid !== process.pid && isMarked(pid, `${MARK}=${mark}`));
}

function isMarked(pid: number, entry: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return environment.some((found) => found === entry || found.startsWith(`${entry}/`));
  } catch {
    return false;
  }
}

function killWindowsTree(pid: number): void {
  try {
    execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
  } catch {
    // Nothing left to end.
  }
}
