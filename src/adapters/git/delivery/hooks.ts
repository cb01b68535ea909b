/** Hooks of the user's repository that git runs when it merges: named where they did not run, run where the user asks. */
import { access, constants, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { actAsUser, type UserAct } from "./act-as-user.ts";

export type MergeKind = "fast-forward" | "merge" | "squash";

const RUN_BY_GIT: Record<MergeKind, string[]> = {
  "fast-forward": ["post-merge"],
  merge: ["pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-merge"],
  squash: ["pre-commit", "prepare-commit-msg", "commit-msg", "post-merge"],
};

/** Hooks that are there and that git would run in such a merge. */
export async function hooksOf(repository: string, kind: MergeKind): Promise<string[]> {
  return presentHooks(repository, RUN_BY_GIT[kind]);
}

/** Those of `names` that are there and may be executed. */
export async function presentHooks(repository: string, names: string[]): Promise<string[]> {
  const { stdout } = await actAsUser({ repository, hooks: true }, ["rev-parse", "--git-path", "hooks"]);
  const named = stdout.toString("utf8").replace(/\n$/, "");
  const folder = isAbsolute(named) ? named : resolve(repository, named);
  const found = await Promise.all(
    names.map((name) =>
      access(join(folder, name), constants.X_OK).then(
        () => [name],
        () => [],
      ),
    ),
  );
  return found.flat();
}

/** The message as the hooks that see it leave it; one that refuses throws. */
export async function runMessageHooks(act: UserAct, message: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "forkjoin-message-"));
  const file = join(folder, "COMMIT_EDITMSG");
  try {
    await writeFile(file, message);
    await actAsUser(act, ["hook", "run", "--ignore-missing", "prepare-commit-msg", "--", file, "message"]);
    await actAsUser(act, ["hook", "run", "--ignore-missing", "commit-msg", "--", file]);
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
