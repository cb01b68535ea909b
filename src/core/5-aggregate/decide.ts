/** Phase 5.2 — a person's answer to a conflict, turned into the content that will land. */
import type { Choice, Conflict, Decision, Version } from "../model/conflict.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Repository } from "../ports/repository.ts";
import { sidesOf } from "./settle-paths.ts";

export async function decide(
  conflict: Conflict,
  answer: { choice: Choice; content?: string | undefined; at: number },
  repository: Repository,
): Promise<Result<Decision>> {
  const { conflict_id, base, ours, theirs } = conflict;
  const decision = { conflict_id, choice: answer.choice, sides: sidesAsked(conflict), decided_at: answer.at };
  switch (answer.choice) {
    case "ours":
      return ok({ ...decision, ...entryOf(ours) });
    case "theirs":
      return ok({ ...decision, ...entryOf(theirs) });
    case "edited": {
      if (answer.content === undefined) return err(NO_CONTENT);
      const mode = [theirs.mode, ours.mode].find(isFile) ?? "100644";
      return ok({ ...decision, mode, blob: await repository.writeBlob(answer.content) });
    }
    case "both": {
      const files = isFile(ours.mode) && isFile(theirs.mode) && ours.state === "text" && theirs.state === "text";
      if (!files || ours.blob === undefined || theirs.blob === undefined) return err(NOT_BOTH);
      const blob = await repository.union(base.blob, ours.blob, theirs.blob);
      return ok({ ...decision, mode: theirs.mode ?? "100644", blob });
    }
  }
}

/** The three versions the conflict is about; a decision answers exactly these. */
export function sidesAsked({ base, ours, theirs }: Conflict): string {
  return sidesOf({ base: entryOf(base), ours: entryOf(ours), theirs: entryOf(theirs) });
}

/** An ordinary file, not a link or a submodule. */
function isFile(mode: string | undefined): boolean {
  return mode?.startsWith("100") === true;
}

function entryOf({ mode, blob }: Version): { mode: string; blob: string } | undefined {
  return mode === undefined || blob === undefined ? undefined : { mode, blob };
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
