/** Phase 5.2 — JSON, YAML and package manifests merged key by key; comments, order and formatting stay as they are. */
import type { MergeMethod } from "../../model/merge-method.ts";
import type { KeyPath, StructuredFormat, StructuredText } from "../../ports/structured-text.ts";
import { type MergedValues, mergeValues, sameValue, valueAt } from "./merge-values.ts";

export interface TextSides {
  base: string;
  ours: string;
  theirs: string;
}

export interface Shrunk extends TextSides {
  by: MergeMethod[];
  /** places both sides changed differently, for people */
  clashes: string[];
}

interface ByKey {
  structuredText: StructuredText;
  format: StructuredFormat;
  method: MergeMethod;
  whole(at: KeyPath): boolean;
}

/**
 * Three texts that differ in nothing but what clashes: everything else is in each of them already. Undefined where a text is not
 * sound, or a value cannot be carried over faithfully.
 */
export function mergeByKey(sides: TextSides, { structuredText, format, method, whole }: ByKey): Shrunk | undefined {
  const { base, ours, theirs } = sides;
  const [old, first, second] = [base === "" ? "{}" : base, ours, theirs].map((text) =>
    structuredText.read(format, text),
  );
  if (old === undefined || first === undefined || second === undefined) return undefined;
  const values = { base: old.value, ours: first.value, theirs: second.value };
  const merged = mergeValues(values, whole);
  const raised = merged.versions.filter(({ higher }) => higher === "theirs").map(({ at }) => at);
  const text = structuredText.graft(format, { into: ours, from: theirs }, [...merged.taken, ...raised]);
  if (text === undefined || !isFaithful({ text, values, merged }, { structuredText, format })) return undefined;
  const result = withClashes(text, { sides, merged }, { structuredText, format });
  if (result === undefined) return undefined;
  const by: MergeMethod[] = [method, ...(merged.versions.length > 0 ? (["versions"] as const) : [])];
  return { ...result, by, clashes: merged.clashes.map((at) => at.join(".")) };
}

type Reading = Pick<ByKey, "structuredText" | "format">;

/** Looks at the text that came out, not at what was meant to be put in. */
function isFaithful(
  { text, values, merged }: { text: string; values: { ours: unknown; theirs: unknown }; merged: MergedValues },
  { structuredText, format }: Reading,
): boolean {
  const result = structuredText.read(format, text);
  if (result === undefined) return false;
  const raised = merged.versions.filter(({ higher }) => higher === "theirs").map(({ at }) => at);
  const fromTheirs = [...merged.taken, ...raised];
  if (!fromTheirs.every((at) => sameValue(valueAt(result.value, at), valueAt(values.theirs, at)))) return false;
  return sameValue(without(result.value, fromTheirs), without(values.ours, fromTheirs));
}

/** A copy that lacks these places. */
function without(value: unknown, places: KeyPath[], at: KeyPath = []): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const gone = new Set(places.map((place) => place.join("\0")));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const here = [...at, key];
      return gone.has(here.join("\0")) ? [] : [[key, without(inner, places, here)]];
    }),
  );
}

/** The merged text three times, with each side's own value where they clash. */
function withClashes(
  text: string,
  { sides, merged }: { sides: TextSides; merged: MergedValues },
  { structuredText, format }: Reading,
): TextSides | undefined {
  if (merged.clashes.length === 0) return { base: text, ours: text, theirs: text };
  const base = structuredText.graft(format, { into: text, from: sides.base }, merged.clashes);
  const theirs = structuredText.graft(format, { into: text, from: sides.theirs }, merged.clashes);
  return base === undefined || theirs === undefined ? undefined : { base, ours: text, theirs };
}
