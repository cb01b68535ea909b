/** The agent's own git directory in its workspace: a branch named after the task, at the base; disposable, and never read by Forkjoin. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "../repository/engine.ts";
import { makePrivateGitDirectory } from "../repository/private-git-directory.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";
import { type LentRef, lentConfiguration, lentRefs, writeLentRefs } from "./lent-refs.ts";

export async function makeWorkspaceGit(
  gitDir: string,
  { location, engine, branch, base }: { location: RepositoryLocation; engine: Engine; branch: string; base: string },
): Promise<LentRef[]> {
  const lent = await lentRefs(location, base);
  await makePrivateGitDirectory(gitDir, location, [engine.objects], lentConfiguration(location, lent));
  await writeLentRefs(gitDir, lent);
  const ref = `refs/heads/${branch}`;
  await mkdir(dirname(join(gitDir, ref)), { recursive: true });
  await writeFile(join(gitDir, ref), `${base}\n`);
  await writeFile(join(gitDir, "HEAD"), `ref: ${ref}\n`);
  return lent;
}
