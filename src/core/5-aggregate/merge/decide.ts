/** Phase 5.2 — a person's answer to a conflict, turned into the content that will land. */
import type { Choice, Conflict, Decision } from "../../model/conflict.ts";
import { failure } from "../../model/failure.ts";
import { err, ok, type Result } from "../../model/result.ts";
import type { Repository } from "../../ports/repository.ts";
import { entryOf, sidesAsked } from "./conflict-sides.ts";

export interface Answer {
  choice: Choice;
  content?: string | undefined;
  at: number;
}

export async function decide(conflict: Conflict, answer: Answer, repository: Repository): Promise<Result<Decision>> {
  const { conflict_id, base, ours, theirs } = conflict;
  const decision = { conflict_id, choice: answer.choice, sides: sidesAsked(conflict), decided_at: answer.at };
  switch (answer.choice) {
    case "ours":
      return ok({ ...decision, ...entryOf(ours) });
    case "theirs":
      return ok({ ...decision, ...entryOf(theirs) });
    case "edited": {
      const { content } = answer;
      if (content === undefined) return err(NO_CONTENT);
      const mode = [theirs.mode, ours.mode].find(isFile) ?? "100644";
      return ok({ ...decision, mode, blob: await repository.writeBlob(content), content });
    }
    case "both": {
      if (isOfMeaning(conflict)) return ok(decision);
      const files = isFile(ours.mode) && isFile(theirs.mode) && ours.state === "text" && theirs.state === "text";
      if (!files || ours.blob === undefined || theirs.blob === undefined) return err(NOT_BOTH);
      const blob = await repository.union(base.blob, ours.blob, theirs.blob);
      return ok({ ...decision, mode: theirs.mode ?? "100644", blob });
    }
  }
}

/** The lines merge, only what they say does not: `both` means to land them as they are. */
function isOfMeaning({ conflict_id, path }: Conflict): boolean {
  return !conflict_id.endsWith(`:${path}`);
}

/** An ordinary file, not a link or a submodule. */
function isFile(mode: string | undefined): boolean {
  return mode?.startsWith("100") === true;
}

const NO_CONTENT = failure(
  "invalid_input",
  "content is missing",
  "choice edited needs `content`: the whole file as it should be",
);
const NOT_BOTH = failure(
  "invalid_input",
  "choice both needs text on both sides",
  "choose ours or theirs, or edited with the whole content",
);
