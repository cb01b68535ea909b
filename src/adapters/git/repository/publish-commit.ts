/** A commit and its ref brought into the user's repository at once: nothing of it can be collected as garbage on the way. */
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
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
  const outgoing = join(source.gitDir, `outgoing-${randomUUID()}`);
  try {
    const pack = await packed(location, source, { to: publication.to, folder: outgoing });
    if (pack === undefined) await moveRef(location, publication);
    else {
      await installPack(location, { folder: outgoing, pack }, () => moveRef(location, publication));
      await joinPacks(location, engine, pack);
    }
    return ok(undefined);
  } catch (error) {
    return err(unmoved(location, publication.ref, error));
  } finally {
    await rm(outgoing, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function moveRef({ root }: RepositoryLocation, { ref, to, expected }: Publication): Promise<void> {
  await runGit({ cwd: root }, ["update-ref", ref, to, ...(expected === undefined ? [] : [expected])]);
}

/** Makes a pack of what the user's refs do not lead to; its name, or undefined when they lead to all of it. */
async function packed(
  location: RepositoryLocation,
  source: OwnGitPlace,
  { to, folder }: { to: string; folder: string },
): Promise<string | undefined> {
  const user: GitPlace = { cwd: location.root, borrowed: join(source.gitDir, "objects") };
  const found = await gitText(user, ["rev-list", "--boundary", to, "--not", "--all"]);
  if (found === "") return undefined;
  const known = found.split("\n").filter((line) => line.startsWith("-"));
  await mkdir(folder);
  const args = ["pack-objects", "-q", "--revs", "--window=0", join(folder, "pack")];
  const input = `${[to, ...known.map((line) => `^${line.slice(1)}`)].join("\n")}\n`;
  return `pack-${await gitText(source, args, { input })}`;
}

function unmoved(location: RepositoryLocation, ref: string, error: unknown): ReturnType<typeof failure> {
  const isOrdinary = error instanceof GitError || (error instanceof Error && "errno" in error);
  if (!isOrdinary) throw error;
  const hint = `see that ${location.objects} can be written and has room; \`forkjoin resume\` goes on with what is there`;
  return failure("git_failed", `${ref} could not be moved: ${error.message}`, hint);
}
