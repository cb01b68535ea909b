/** Limits on processes and memory inside the sandbox, set by `prlimit` of util-linux; and what of them nothing on this machine holds. */
import { existsSync } from "node:fs";
import type { ProcessLimits, UnheldLimit } from "../../core/model/limits.ts";

const PROGRAM = "/usr/bin/prlimit";
const BYTES_PER_MB = 1_000_000;

/** The start of an argv, behind which the command stands. */
export function limiting(limits: ProcessLimits | undefined): string[] {
  if (limits === undefined || !existsSync(PROGRAM)) return [];
  const wanted = [
    ...(isRoot() ? [] : [`--nproc=${limits.processes}`]),
    ...(limits.memory_mb === undefined ? [] : [`--data=${limits.memory_mb * BYTES_PER_MB}`]),
  ];
  return wanted.length === 0 ? [] : [PROGRAM, ...wanted, "--"];
}

/** Limits that are not held inside the sandbox. */
export function unlimitedHere(limits: ProcessLimits): UnheldLimit[] {
  const lacking = existsSync(PROGRAM) ? undefined : `${PROGRAM} of util-linux is not installed`;
  const why = lacking ?? (isRoot() ? "the system counts no processes of root" : undefined);
  return [
    ...(why === undefined ? [] : [{ key: "processes", why } as const]),
    ...(limits.memory_mb === undefined || lacking === undefined ? [] : [{ key: "memory_mb", why: lacking } as const]),
  ];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
