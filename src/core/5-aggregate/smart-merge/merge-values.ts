/** Phase 5.2 — three versions of a value with keys, merged key by key: what one side alone changed is taken, the rest are clashes. */
import type { KeyPath } from "../../ports/structured-text.ts";
import { higherVersion } from "./version-numbers.ts";

export interface ValueSides {
  base: unknown;
  ours: unknown;
  theirs: unknown;
}

export interface MergedValues {
  /** places that are as in theirs; all others as in ours */
  taken: KeyPath[];
  /** places where both raised a version, and which side has the higher one */
  versions: { at: KeyPath; higher: "ours" | "theirs" }[];
  clashes: KeyPath[];
}

/** `whole(at)`: the value there is one piece, and not taken apart. */
export function mergeValues(sides: ValueSides, whole: (at: KeyPath) => boolean): MergedValues {
  const merged: MergedValues = { taken: [], versions: [], clashes: [] };
  visit(sides, [], { merged, whole });
  return merged;
}

function visit(
  { base, ours, theirs }: ValueSides,
  at: KeyPath,
  work: { merged: MergedValues; whole: (at: KeyPath) => boolean },
): void {
  const { merged, whole } = work;
  if (sameValue(ours, theirs) || sameValue(base, theirs)) return;
  if (sameValue(base, ours)) {
    merged.taken.push(at);
    return;
  }
  if (isMap(ours) && isMap(theirs) && (isMap(base) || base === undefined) && !whole(at)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs), ...Object.keys(base ?? {})])) {
      visit({ base: own(base, key), ours: own(ours, key), theirs: own(theirs, key) }, [...at, key], work);
    }
    return;
  }
  const higher = higherVersion(base, ours, theirs);
  if (higher === undefined) merged.clashes.push(at);
  else merged.versions.push({ at, higher });
}

type ValueMap = Record<string, unknown>;

function isMap(value: unknown): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(map: unknown, key: string): unknown {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Order of keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

/** The value at a place of nested maps. */
export function valueAt(value: unknown, at: KeyPath): unknown {
  return at.reduce<unknown>((found, key) => own(found, String(key)), value);
}
