/** Who of a rig's processes still lives, read from the operating system. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Linux shows the environment of every process; elsewhere these tests cannot see what is left. */
export const CAN_SEE_PROCESSES: boolean = process.platform === "linux";

/** Ids and command lines of living processes that were started with `folder` in their environment. */
export function processesOf(folder: string): string[] {
  if (!CAN_SEE_PROCESSES) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => belongsTo(pid, folder))
    .map((pid) => `${pid} ${readOf(pid, "cmdline").replaceAll("\0", " ")}`);
}

/** Resolves when `pid` is gone: the way to wait for a death that nobody reports. */
export async function gone(pid: number): Promise<void> {
  while (isThere(pid)) await delay(5);
}

function belongsTo(pid: string, folder: string): boolean {
  if (/^State:\s+Z/m.test(readOf(pid, "status"))) return false;
  return readOf(pid, "environ")
    .split("\0")
    .some((entry) => entry.endsWith(`=${folder}`) || entry.includes(`=${folder}/`));
}

function isThere(pid: number): boolean {
  const status = readOf(String(pid), "status");
  return status !== "" && !/^State:\s+Z/m.test(status);
}

function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
