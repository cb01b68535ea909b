/** Which differences between two manifests are changes, and which may turn out to be none. */
import type { ManifestDifference } from "./manifest.ts";

/**
 * Folders are no content: one that stands where a file stood is that file's deletion. A nested `.git` folder is the exception,
 * because it must be seen.
 */
export function isChange({ path, before, after }: ManifestDifference): boolean {
  const isFile = [before, after].some((entry) => entry !== undefined && entry.kind !== "directory");
  return isFile || path.split("/").at(-1)?.toLowerCase() === ".git";
}

/** More is read by nobody twice. */
const MAX_ALIKE_BYTES = 50_000_000;

/** Of the same kind and size: only its content can tell. */
export function looksAlike({ before, after }: ManifestDifference): boolean {
  if (before === undefined || after === undefined || before.kind !== after.kind || before.size !== after.size)
    return false;
  if (after.kind !== "file") return after.kind === "symlink" && before.link === after.link;
  return after.size <= MAX_ALIKE_BYTES && after.hardLinks === 1 && (after.mode & 0o7000) === 0;
}

/** Bytes of a file that are worth a limit: smaller ones are counted by their number. */
export const SIZED = 4_096;
