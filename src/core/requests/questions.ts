/** Questions to a person who sees nothing else: what clashes or is asked for, who made it, both versions, cut to a screen. */
import { withMarkers } from "../5-aggregate/smart-merge/regions.ts";
import type { Conflict, Version } from "../model/conflict.ts";
import type { Question } from "../model/question.ts";
import type { ScopeRequest } from "../model/scope-request.ts";

const MOST_LINES = 30;

/** A conflict as a question. An edited version is a text of the person's own, so it is not among the choices. */
export function conflictQuestion(conflict: Conflict): Question {
  const { conflict_id, tasks } = conflict;
  const proposal = draftMerge(conflict);
  return {
    question_id: conflict_id,
    kind: "conflict",
    tasks,
    text: conflictText(conflict),
    choices: ["ours", "theirs", "both"],
    ...(proposal === undefined ? {} : { proposal }),
  };
}

/** A request for more files as a question, with those that another task holds now. */
export function scopeQuestion({ request_id, task_id, files, reason, refused }: ScopeRequest): Question {
  const held = refused.map(({ path, why }) => `\n${path} is held: ${why}`).join("");
  const text = `Task ${task_id} asks to change more files: ${files.join(", ")}. Its reason: ${reason}${held}`;
  return { question_id: request_id, kind: "scope", tasks: [task_id], text, choices: ["grant", "refuse"] };
}

function conflictText(conflict: Conflict): string {
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
function draftMerge(conflict: Conflict): string | undefined {
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
