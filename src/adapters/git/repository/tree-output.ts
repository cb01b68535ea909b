/** Reads the NUL-separated answers of git's tree commands. */
import type { MergedTree, TreeChange, TreeEntry } from "../../../core/ports/repository.ts";

const ABSENT = "000000";

/** `ls-tree -r -z`: `mode type oid TAB path`. */
export function parseTree(items: string[]): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const item of items) {
    const tab = item.indexOf("\t");
    const [mode = "", , blob = ""] = item.slice(0, tab).split(" ");
    entries.set(item.slice(tab + 1), { mode, blob });
  }
  return entries;
}

/** `diff-tree -r -z --no-renames`: `:mode mode oid oid status` and the path, alternating. */
export function parseRawDiff(items: string[]): TreeChange[] {
  const changes: TreeChange[] = [];
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [before = "", after = "", oldBlob = "", newBlob = ""] = (items[index] ?? "").slice(1).split(" ");
    changes.push({ path: items[index + 1] ?? "", before: entry(before, oldBlob), after: entry(after, newBlob) });
  }
  return changes;
}

function entry(mode: string, blob: string): TreeEntry | undefined {
  return mode === ABSENT ? undefined : { mode, blob };
}

/**
 * `merge-tree --write-tree -z --messages`: the tree; on a conflict the unmerged stages; an empty item; then messages as
 * `count, paths…, type, text`.
 */
export function parseMergedTree(output: string, clean: boolean, whole: Set<string> = new Set()): MergedTree {
  const items = output.split("\0");
  const tree = items[0] ?? "";
  if (clean) return { tree, conflicts: [] };
  const end = items.indexOf("", 1);
  const unmerged = items.slice(1, end).map((item) => item.slice(item.indexOf("\t") + 1));
  const said = messages(items.slice(end + 1));
  const paths = [...new Set([...unmerged, ...said.flatMap((message) => message.paths)])].sort();
  const why = (path: string): string =>
    said.find((message) => message.paths.includes(path))?.text ?? "both sides changed it";
  const conflicts = paths.map((path) =>
    whole.has(path) ? { path, why: WHOLE, whole: true as const } : { path, why: why(path) },
  );
  return { tree, conflicts };
}

const WHOLE = "both sides changed it, and .gitattributes takes it out of merging";

function messages(items: string[]): { paths: string[]; text: string }[] {
  const found: { paths: string[]; text: string }[] = [];
  for (let at = 0; at < items.length && items[at] !== ""; ) {
    const count = Number(items[at]);
    const paths = items.slice(at + 1, at + 1 + count);
    const [type = "", text = ""] = items.slice(at + 1 + count, at + 3 + count);
    if (type.startsWith("CONFLICT")) found.push({ paths, text: text.trim() });
    at += 3 + count;
  }
  return found;
}
