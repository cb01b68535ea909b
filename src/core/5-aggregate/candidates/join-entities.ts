/** Phase 5.2 — a source file joined declaration by declaration: each is followed to its place, and new ones stand by their neighbour. */
import type { MergeMethod } from "../../model/merge-method.ts";
import type { Order } from "./join-insertions.ts";
import { joinLines } from "./join-lines.ts";
import type { Part } from "./parts-of.ts";

export interface PartSides {
  base: Part[];
  ours: Part[];
  theirs: Part[];
}

/** Undefined where both sides changed one declaration in ways that do not go together, or both moved declarations about. */
export function joinEntities(
  { base, ours, theirs }: PartSides,
  order: Order,
): { text: string; by: Set<MergeMethod> } | undefined {
  const [old, first, second] = [textsBy(base), textsBy(ours), textsBy(theirs)];
  const by = new Set<MergeMethod>(["entities"]);
  const moved = { ours: isMoved(base, ours), theirs: isMoved(base, theirs) };
  if (moved.ours && moved.theirs) return undefined;
  if (moved.ours || moved.theirs) by.add("moved_symbol");
  const [lead, other] = moved.theirs ? [theirs, ours] : [ours, theirs];
  const keys = placed(lead, other, { known: old, insertFirst: (order === "ours_first") === moved.theirs });
  const texts: string[] = [];
  for (const key of keys) {
    const text = joinPart({ base: old.get(key), ours: first.get(key), theirs: second.get(key) }, { order, by });
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return { text: texts.join(""), by };
}

function textsBy(parts: Part[]): Map<string, string> {
  return new Map(parts.map(({ key, text }) => [key, text]));
}

/** The declarations that both have come in another order. */
function isMoved(base: Part[], now: Part[]): boolean {
  const [before, after] = [new Set(base.map(({ key }) => key)), new Set(now.map(({ key }) => key))];
  const order = (parts: Part[], within: Set<string>): string =>
    parts
      .filter(({ key }) => within.has(key))
      .map(({ key }) => key)
      .join("\0");
  return order(base, after) !== order(now, before);
}

/** Keys of `lead` in its order, and those only `other` has behind the neighbour they have there. */
function placed(
  lead: Part[],
  other: Part[],
  { known, insertFirst }: { known: Map<string, string>; insertFirst: boolean },
): string[] {
  const keys = lead.map(({ key }) => key);
  const present = new Set(keys);
  for (const [at, { key }] of other.entries()) {
    if (present.has(key)) continue;
    const neighbour = other.slice(0, at).findLast((part) => present.has(part.key))?.key;
    let place = neighbour === undefined ? 0 : keys.indexOf(neighbour) + 1;
    const isNew = (name: string | undefined): boolean => name !== undefined && !known.has(name);
    const ownOf = (name: string | undefined): boolean => name !== undefined && other.some((part) => part.key === name);
    while (!insertFirst && isNew(keys[place]) && !ownOf(keys[place])) place += 1;
    keys.splice(place, 0, key);
    present.add(key);
  }
  return keys;
}

interface Texts {
  base: string | undefined;
  ours: string | undefined;
  theirs: string | undefined;
}

/** Text of one declaration; an empty one where it is gone. */
function joinPart(
  { base, ours, theirs }: Texts,
  { order, by }: { order: Order; by: Set<MergeMethod> },
): string | undefined {
  if (ours === theirs || theirs === base) return ours ?? "";
  if (ours === base) return theirs ?? "";
  if (ours === undefined || theirs === undefined || base === undefined) return undefined;
  const joined = joinLines({ base, ours, theirs }, order);
  for (const method of joined?.by ?? []) by.add(method);
  return joined?.text;
}
