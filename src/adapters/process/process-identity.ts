/** Knows a process again: pid alone is not enough, because numbers are reused. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "../../core/model/attempt.ts";

export function identityOf(pid: number): ProcessIdentity {
  return { host: hostname(), pid, start_time: startTime(pid) ?? "unknown", boot_id: bootId() };
}

/** A process on another machine counts as alive: nothing here can tell. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  return identity.boot_id === bootId() && startTime(identity.pid) === identity.start_time;
}

/** Field 22 of /proc/PID/stat on Linux, the start date elsewhere; undefined when there is no such process, or only its zombie. */
function startTime(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  if (process.platform === "win32") return "unknown";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}
