/** Phase 5.2 — two changes of one sequence as places: where only one side changed, and where both did. */
import { type Edit, editsOf, withEdits } from "./edits.ts";

export interface Sequences {
  base: string[];
  ours: string[];
  theirs: string[];
}

/** A stretch of the base, and what each side made of it. */
export interface Place extends Sequences {
  /** where the stretch begins in the base */
  at: number;
  /** what is between this place and the next one, changed by nobody */
  after: string[];
  changed: "ours" | "theirs" | "both";
}

/** What each side made of the base. */
export interface SideEdits {
  ours: Edit[];
  theirs: Edit[];
}

export function sideEdits({ base, ours, theirs }: Sequences): SideEdits | undefined {
  const [first, second] = [editsOf(base, ours), editsOf(base, theirs)];
  return first === undefined || second === undefined ? undefined : { ours: first, theirs: second };
}

/** Edits that share an element, or stand at one point, are one place. */
export function placesOf(
  base: string[],
  { ours: first, theirs: second }: SideEdits,
): { before: string[]; places: Place[] } {
  const all = [
    ...first.map((edit) => ({ edit, side: "ours" as const })),
    ...second.map((edit) => ({ edit, side: "theirs" as const })),
  ].sort((a, b) => a.edit.from - b.edit.from || a.edit.to - b.edit.to);
  const groups: { from: number; to: number; ours: Edit[]; theirs: Edit[] }[] = [];
  for (const { edit, side } of all) {
    const last = groups.at(-1);
    if (last !== undefined && meets(last, edit)) {
      last.to = Math.max(last.to, edit.to);
      last[side].push(edit);
    } else groups.push({ from: edit.from, to: edit.to, ours: [], theirs: [], [side]: [edit] });
  }
  const places = groups.map((group, index): Place => {
    const stretch = base.slice(group.from, group.to);
    const made = (edits: Edit[]): string[] =>
      withEdits(
        stretch,
        edits.map((edit) => ({ ...edit, from: edit.from - group.from, to: edit.to - group.from })),
      );
    const changed = group.theirs.length === 0 ? "ours" : group.ours.length === 0 ? "theirs" : "both";
    return {
      ...{ at: group.from, base: stretch, ours: made(group.ours), theirs: made(group.theirs), changed },
      after: base.slice(group.to, groups[index + 1]?.from ?? base.length),
    };
  });
  return { before: base.slice(0, groups[0]?.from ?? base.length), places };
}

/** An insertion at the edge of a replacement does not meet it: the two have an order. */
function meets(group: { from: number; to: number }, edit: Edit): boolean {
  if (edit.from < group.to) return edit.from < edit.to || edit.from > group.from;
  return edit.from === group.to && group.from === group.to && edit.from === edit.to;
}

/** The whole sequence, each place where both changed as `join` says; undefined as soon as it does not know. */
export function joinSequences(
  base: string[],
  edits: SideEdits,
  join: (place: Place) => string[] | undefined,
): string[] | undefined {
  const { before, places } = placesOf(base, edits);
  const result = [...before];
  for (const place of places) {
    const made = place.changed !== "both" ? place[place.changed] : same(place) ? place.ours : join(place);
    if (made === undefined) return undefined;
    result.push(...made, ...place.after);
  }
  return result;
}

function same({ ours, theirs }: Sequences): boolean {
  return ours.length === theirs.length && ours.every((element, at) => element === theirs[at]);
}
