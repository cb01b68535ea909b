/** What a partial clone lacks of a commit, fetched once before anything starts, with the user's own environment as git itself would. */
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { actAsUser } from "../delivery/act-as-user.ts";
import { GitError } from "../git.ts";
import type { RepositoryLocation } from "./repository-location.ts";

/** A clone without folders learns of a folder's content only once it has the folder. */
const ROUNDS = 20;
/** A server that does not answer ends the wait. */
const FETCH_MS = 1_800_000;

/** Nothing is done where the clone is whole. */
export async function fetchMissing({ root, promisor }: RepositoryLocation, commit: string): Promise<Result<void>> {
  if (promisor === undefined) return ok(undefined);
  const act = { repository: root, hooks: false, limit_ms: FETCH_MS };
  let lacked = 0;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const missing = await missingOf(root, commit);
      if (missing.length === 0) return ok(undefined);
      if (round > 0 && missing.length === lacked) break;
      lacked = missing.length;
      // As git fetches what it misses: nothing but these objects, and no ref moves.
      const how = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", promisor, "--no-tags", "--no-write-fetch-head"];
      const args = [...how, "--recurse-submodules=no", "--filter=blob:none", "--stdin"];
      await actAsUser(act, args, [], `${missing.join("\n")}\n`);
    }
    return err(incomplete(root, commit, { promisor, why: `${lacked} objects are not there` }));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return err(incomplete(root, commit, { promisor, why: error.message }));
  }
}

async function missingOf(root: string, commit: string): Promise<string[]> {
  const args = ["rev-list", "--objects", "--no-walk", "--missing=print", commit];
  const { stdout } = await actAsUser({ repository: root, hooks: false }, args);
  const lines = stdout.toString("utf8").split("\n");
  return lines.flatMap((line) => (line.startsWith("?") ? [line.slice(1)] : []));
}

function incomplete(
  root: string,
  commit: string,
  { promisor, why }: { promisor: string; why: string },
): ReturnType<typeof failure> {
  const message = `repo ${root} is a partial clone that lacks files of ${commit.slice(0, 12)}, and they cannot be fetched: ${why}`;
  const hint = `see that ${promisor} can be reached (\`git fetch ${promisor}\`), then begin again: what is missing is fetched first`;
  return failure("unsupported_content", message, hint);
}
