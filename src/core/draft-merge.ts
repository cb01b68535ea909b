/** Phase 5.2 for a person with an editor: the text to begin from, and whether what came back decides anything. */
import { hasMarkers, withMarkers } from "./5-aggregate/smart-merge/regions.ts";
import type { Conflict, Version } from "./model/conflict.ts";

/** The proposed merge, else both versions whole between conflict markers; undefined for what is no text. */
export function draftMerge(conflict: Conflict): string | undefined {
  const { ours, theirs, base, proposal, tasks } = conflict;
  if (proposal !== undefined) return proposal;
  if (![ours, theirs, base].every(isText)) return undefined;
  const [first, second, third] = [ours, theirs, base].map((version) => version.content ?? "");
  if (first === second) return first;
  const names = { ours: tasks.slice(0, -1).join(", "), theirs: tasks.at(-1) ?? "" };
  return withMarkers([{ ours: first ?? "", theirs: second ?? "", base: third ?? "" }], names);
}

function isText(version: Version): boolean {
  return version.state === "text" || version.state === "absent";
}

/** A text with conflict markers is no answer yet. */
export function isDecided(text: string): boolean {
  return !hasMarkers(text);
}
