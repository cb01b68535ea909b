/** Git commands that do what the user would do by hand, in the user's own environment: merging, signing, pushing, fetching. */
import { SAFE_CONFIG } from "../git.ts";
import type { GitOutput } from "../git-error.ts";
import { spawnGit, userEnvironment } from "../user-git.ts";

export interface UserAct {
  repository: string;
  /** whether the repository's hooks run */
  hooks: boolean;
  limit_ms?: number;
  identity?: { name: string; email: string };
}

const HOOKS = "core.hooksPath=";

/** Runs git for the user. Exit codes in `accept` are answers; others throw. */
export async function actAsUser(
  { repository, hooks, limit_ms, identity }: UserAct,
  args: string[],
  accept: number[] = [],
  input?: string,
): Promise<GitOutput> {
  const author =
    identity === undefined
      ? {}
      : {
          GIT_AUTHOR_NAME: identity.name,
          GIT_AUTHOR_EMAIL: identity.email,
          GIT_COMMITTER_NAME: identity.name,
          GIT_COMMITTER_EMAIL: identity.email,
        };
  const call = {
    env: { ...userEnvironment(), ...author },
    config: SAFE_CONFIG.filter((setting) => !hooks || !setting.startsWith(HOOKS)),
    accept,
    ...(input === undefined ? {} : { input }),
    ...(limit_ms === undefined ? {} : { limit_ms }),
  };
  return spawnGit(repository, args, call);
}
