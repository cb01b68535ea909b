/** The agent's own git directory in its workspace: a branch named after the task, at the base; disposable, and never read by Forkjoin. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "../repository/engine.ts";
import { makePrivateGitDirectory } from "../repository/private-git-directory.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";

export async function makeWorkspaceGit(
  gitDir: string,
  { location, engine, branch, base }: { location: RepositoryLocation; engine: Engine; branch: string; base: string },
): Promise<void> {
  await makePrivateGitDirectory(gitDir, location, [engine.objects]);
  const ref = `refs/heads/${branch}`;
  await mkdir(dirname(join(gitDir, ref)), { recursive: true });
  await writeFile(join(gitDir, ref), `${base}\n`);
  await writeFile(join(gitDir, "HEAD"), `ref: ${ref}\n`);
}
