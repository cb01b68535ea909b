/** Knows a process again: pid alone is not enough, because numbers are reused. */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "../../core/model/process-identity.ts";
import type { Liveness } from "../../core/ports/owners.ts";

export function identityOf(pid: number): ProcessIdentity {
  const [machine_id, pid_namespace] = [machineId(), pidNamespace()];
  return {
    host: hostname(),
    pid,
    start_time: startTime(pid) ?? "unknown",
    boot_id: bootId(),
    ...(machine_id === undefined ? {} : { machine_id }),
    ...(pid_namespace === undefined ? {} : { pid_namespace }),
  };
}

/** By pid and start time: what another pid namespace, or another machine, says of a pid nothing here can tell. */
export function livenessByPid(process: ProcessIdentity): Liveness {
  if (process.boot_id !== bootId()) return isOfThisMachine(process) ? "dead" : "unknown";
  if ((process.pid_namespace ?? pidNamespace()) !== pidNamespace()) return "unknown";
  return startTime(process.pid) === process.start_time ? "alive" : "dead";
}

/** An older boot of this machine, whatever it was called then. */
function isOfThisMachine({ machine_id, host }: ProcessIdentity): boolean {
  return (machine_id !== undefined && machine_id === machineId()) || host === hostname();
}

/** The operating system's installation; undefined where it has no such id, as in most containers. */
function machineId(): string | undefined {
  return firstLine("/etc/machine-id");
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
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
  return firstLine("/proc/sys/kernel/random/boot_id") ?? "unknown";
}
