/** The call filter as a file that bubblewrap reads from an open descriptor, and the start of an argv that opens it. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callFilter } from "./call-filter.ts";

/** Opens the file that comes first, as descriptor 9, and becomes the command behind it; a file that is not there ends it. */
const OPENING = ["/bin/sh", "-c", 'exec 9<"$1" && shift && exec "$@"', "filtered"];

/** Flag of bubblewrap that takes the filter from there, and closes it before the command starts. */
export const FILTER_FLAGS = ["--seccomp", "9"];

/** The start of an argv, behind which bubblewrap stands; undefined where this architecture has no filter. */
export function openingFilter(home: string): string[] | undefined {
  const filter = callFilter(process.arch);
  if (filter === undefined) return undefined;
  const file = join(home, "probe", "call-filter");
  keep(file, filter);
  return [...OPENING, file];
}

/** Whole at every moment, as other processes open it; where it cannot be written, what needs it does not start. */
function keep(file: string, filter: Buffer): void {
  try {
    if (existsSync(file) && readFileSync(file).equals(filter)) return;
    mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
    const made = `${file}-${process.pid}`;
    writeFileSync(made, filter, { mode: 0o600 });
    renameSync(made, file);
  } catch {
    return;
  }
}
