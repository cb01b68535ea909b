/** Which existing paths somebody may have meant: the same but for case, the same name in another folder, or a slip of the pen. */

const MOST = 3;
const SLIPS = 2;

/** Existing paths by what a wrong one may have in common with them. */
export interface PathIndex {
  lower: Map<string, string[]>;
  names: Map<string, string[]>;
  folders: Map<string, string[]>;
}

export function indexPaths(existing: string[]): PathIndex {
  return {
    lower: groupedBy(existing, folded),
    names: groupedBy(existing, nameOf),
    folders: groupedBy(existing, folderOf),
  };
}

/** What names have in common that differ in case or in the form of their accents only. */
export function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** The likeliest first; empty when nothing is near, or too much. */
export function closestPaths(wanted: string, { lower, names, folders }: PathIndex): string[] {
  const sameButCase = lower.get(folded(wanted)) ?? [];
  if (sameButCase.length > 0) return sameButCase.slice(0, MOST);
  const slips = (folders.get(folderOf(wanted)) ?? []).filter((path) => isSlip(nameOf(path), nameOf(wanted)));
  const elsewhere = (names.get(nameOf(wanted)) ?? []).filter((path) => !path.startsWith(`${wanted}/`));
  const found = [...new Set([...slips, ...elsewhere])];
  return found.length > MOST ? [] : found;
}

function groupedBy(paths: string[], key: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const group = groups.get(key(path));
    if (group === undefined) groups.set(key(path), [path]);
    else group.push(path);
  }
  return groups;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** With its final slash; empty at the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** At most two letters off, and at most a third of a short name. */
function isSlip(one: string, other: string): boolean {
  const allowed = Math.min(SLIPS, Math.floor(Math.min(one.length, other.length) / 3));
  return Math.abs(one.length - other.length) <= allowed && distance(one, other) <= allowed;
}

/** Levenshtein's distance, row by row. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, match] of [...other].entries()) {
      const change = (row[j] ?? 0) + (letter === match ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
