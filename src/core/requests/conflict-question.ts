/** Phase 5.2 — a conflict as a question to a person who sees nothing else: what clashes, who made it, both versions, cut to a screen. */
import { hasMarkers, withMarkers } from "../5-aggregate/smart-merge/regions.ts";
import type { Conflict, Version } from "../model/conflict.ts";

const MOST_LINES = 30;

export function conflictQuestion(conflict: Conflict): string {
  const { path, tasks, why, ours, theirs, other } = conflict;
  const [before, after] = [tasks.slice(0, -1).join(", ") || "the base", tasks.at(-1) ?? ""];
  const place = other === undefined ? [] : [`${other.path}:${other.line} before:`, shown(other.before ?? "")];
  const changed = other?.after === undefined ? [] : ["and after:", shown(other.after)];
  return [
    `${path}: ${why}`,
    ...[...place, ...changed],
    ...["", `ours, after ${before}:`, versionText(ours)],
    ...["", `theirs, by ${after}:`, versionText(theirs)],
    ...["", choices(conflict)],
  ].join("\n");
}

function choices({ other, tasks }: Conflict): string {
  if (other === undefined)
    return "ours keeps the first, theirs the second, both one after the other where they differ.";
  return `both lands the two as they are, theirs takes this file from ${tasks.at(-1)}, ours leaves ${tasks.at(-1)} out.`;
}

function versionText(version: Version): string {
  if (version.state === "text") return shown(version.content ?? "");
  return version.state === "absent" ? "(deleted)" : `(${version.state.replace("_", " ")})`;
}

function shown(text: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.length <= MOST_LINES ? lines.join("\n") : `${lines.slice(0, MOST_LINES).join("\n")}\n…`;
}

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
