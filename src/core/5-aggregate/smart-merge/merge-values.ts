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
  /** places where both raised a version, which side has the higher one, and the two values */
  versions: { at: KeyPath; higher: "ours" | "theirs"; value: string; lower: string }[];
  clashes: KeyPath[];
}

export interface ValueRules {
  /** the value there is one piece, and not taken apart */
  whole(at: KeyPath): boolean;
  /** the value there is a version, of which the higher one may hold */
  isVersion(at: KeyPath): boolean;
}

export function mergeValues(sides: ValueSides, rules: ValueRules): MergedValues {
  const merged: MergedValues = { taken: [], versions: [], clashes: [] };
  visit(sides, [], { merged, rules });
  return merged;
}

function visit(
  { base, ours, theirs }: ValueSides,
  at: KeyPath,
  work: { merged: MergedValues; rules: ValueRules },
): void {
  const { merged, rules } = work;
  if (sameValue(ours, theirs) || sameValue(base, theirs)) return;
  if (isMap(ours) && isMap(theirs) && (isMap(base) || base === undefined) && !rules.whole(at)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs), ...Object.keys(base ?? {})])) {
      visit({ base: own(base, key), ours: own(ours, key), theirs: own(theirs, key) }, [...at, key], work);
    }
    return;
  }
  if (sameValue(base, ours)) {
    merged.taken.push(at);
    return;
  }
  const higher = rules.isVersion(at) ? higherVersion(base, ours, theirs) : undefined;
  if (higher === undefined) merged.clashes.push(at);
  else {
    const [value, lower] = higher === "ours" ? [ours, theirs] : [theirs, ours];
    merged.versions.push({ at, higher, value: String(value), lower: String(lower) });
  }
}

/** False where keys that both versions have stand in another order in the later one: an order cannot be carried over. */
export function keepsOrder(base: unknown, now: unknown): boolean {
  if (!isMap(base) || !isMap(now)) return true;
  const common = Object.keys(now).filter((key) => Object.hasOwn(base, key));
  const before = Object.keys(base).filter((key) => Object.hasOwn(now, key));
  return common.every((key, at) => key === before[at] && keepsOrder(base[key], now[key]));
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
