/** A commit and its ref brought into the user's repository at once: nothing of it can be collected as garbage on the way. */
import { join } from "node:path";
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitText, type OwnGitPlace, runGit } from "../git.ts";
import type { Engine } from "./engine.ts";
import { installPack } from "./install-pack.ts";
import { joinPacks } from "./join-packs.ts";
import type { RepositoryLocation } from "./repository-location.ts";

export interface Publication {
  ref: string;
  to: string;
  /** where the ref must be now, all zeros where it must not exist; anywhere when absent */
  expected?: string;
}

/**
 * Moves the ref; `source` is a git directory of ours that sees the commit and everything in it. What no ref of the user's repository leads
 * to is brought over as a pack that `git repack` keeps, as `git fetch` does it, until the ref is there.
 */
export async function publishCommit(
  places: { location: RepositoryLocation; engine: Engine },
  source: OwnGitPlace,
  publication: Publication,
): Promise<Result<void>> {
  const { location, engine } = places;
  const move = (): Promise<void> => moveRef(location, publication);
  try {
    const missing = await missingIn(location, source, publication.to);
    if (missing === undefined) await move();
    else await joinPacks(location, engine, await installPack(location, source, missing, move));
    return ok(undefined);
  } catch (error) {
    return err(unmoved(location, publication.ref, error));
  }
}

async function moveRef({ root }: RepositoryLocation, { ref, to, expected }: Publication): Promise<void> {
  await runGit({ cwd: root }, ["update-ref", ref, to, ...(expected === undefined ? [] : [expected])]);
}

/** Objects of the commit that the user's refs do not lead to, for `git pack-objects`; undefined when they lead to all of them. */
async function missingIn(
  location: RepositoryLocation,
  source: OwnGitPlace,
  to: string,
): Promise<{ args: string[]; input: string } | undefined> {
  const user: GitPlace = { cwd: location.root, borrowed: join(source.gitDir, "objects") };
  const found = await gitText(user, ["rev-list", "--boundary", to, "--not", "--all"]);
  if (found === "") return undefined;
  const known = found.split("\n").filter((line) => line.startsWith("-"));
  return { args: ["--revs"], input: [to, ...known.map((line) => `^${line.slice(1)}`), ""].join("\n") };
}

function unmoved(location: RepositoryLocation, ref: string, error: unknown): ReturnType<typeof failure> {
  const isOrdinary = error instanceof GitError || (error instanceof Error && "errno" in error);
  if (!isOrdinary) throw error;
  const hint = `see that ${location.objects} can be written and has room; \`forkjoin resume\` goes on with what is there`;
  return failure("git_failed", `${ref} could not be moved: ${error.message}`, hint);
}
