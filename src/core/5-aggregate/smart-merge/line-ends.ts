/** Phase 5.2 — line ends of the versions that are to be merged: only where all have one kind can a step put them together. */
import type { TextSides } from "./merge-by-key.ts";

const BOM = "\uFEFF";

/** Three versions with the same line end throughout, and with a byte order mark all or none. */
export function hasOneLineEnd({ base, ours, theirs }: TextSides): boolean {
  const versions = [base, ours, theirs].filter((text) => text !== "");
  const kinds = new Set(versions.flatMap(kindsOf));
  const marked = versions.filter((text) => text.startsWith(BOM)).length;
  return kinds.size <= 1 && (marked === 0 || marked === versions.length);
}

function kindsOf(text: string): string[] {
  const all = text.match(/\r\n|\n|\r/g) ?? [];
  return [...new Set(all)];
}
