/** Phase 5.2 — what a question was about, as one text: the same question in a later run is known by it, a changed one is not. */
import type { Conflict, SemanticPlace, Version } from "../../model/conflict.ts";
import type { TreeEntry } from "../../ports/repository.ts";

interface Sides {
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
  symbol?: string | undefined;
  other?: SemanticPlace | undefined;
}

/** Which three versions a decision was about, and for a semantic conflict what was at its other end. */
export function sidesOf({ base, ours, theirs, symbol, other }: Sides): string {
  const versions = [base, ours, theirs].map((entry) => (entry === undefined ? "-" : `${entry.mode}:${entry.blob}`));
  if (other === undefined) return versions.join(" ");
  const { kind, path, before, after } = other;
  return `${versions.join(" ")} ${JSON.stringify([kind, symbol ?? "", path, before ?? "", after ?? ""])}`;
}

export function sidesAsked({ base, ours, theirs, symbol, other }: Conflict): string {
  return sidesOf({ base: entryOf(base), ours: entryOf(ours), theirs: entryOf(theirs), symbol, other });
}

export function entryOf({ mode, blob }: Version): TreeEntry | undefined {
  return mode === undefined || blob === undefined ? undefined : { mode, blob };
}
