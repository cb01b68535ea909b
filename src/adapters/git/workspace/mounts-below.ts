/** Mounts below a folder: their files are somebody else's, to be neither read as an attempt's work nor removed. */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Mount points below `folder`, sorted; Linux only. */
export function mountsBelow(folder: string): string[] {
  const real = join(realpathSync(dirname(folder)), basename(folder));
  return tableOf()
    .split("\n")
    .map((line) => plain(line.split(" ")[4] ?? ""))
    .filter((place) => place.startsWith(`${real}/`))
    .sort();
}

/** Blanks and their like stand there as octal numbers. */
function plain(place: string): string {
  return place.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function tableOf(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return "";
  }
}
