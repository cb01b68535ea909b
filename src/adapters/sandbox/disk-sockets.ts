/** Unix sockets that lie on disk: a read-only mount does not stop anyone from talking to them, so each is covered. */
import { lstatSync, readFileSync } from "node:fs";

/** Absolute paths of the sockets that are bound now and can be seen here; Linux only. */
export function diskSockets(): string[] {
  const paths = tableOf("/proc/net/unix")
    .map((line) => / (\/.*)$/.exec(line)?.[1] ?? "")
    .filter((path) => path !== "");
  return [...new Set(paths)].filter(isSocket).sort();
}

function tableOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(1);
  } catch {
    return [];
  }
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}
