/** What Forkjoin keeps about a workspace for itself, in a folder no agent is shown: the git directory that commits, the snapshot, check logs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitPlace } from "./git.ts";
import type { Manifest, ManifestEntry } from "./manifest.ts";
import { makePrivateGitDirectory } from "./private-git-directory.ts";
import { removeFolder } from "./remove-folder.ts";
import type { RepositoryLocation } from "./repository-location.ts";
import { type GitState, readBack, writeGitState } from "./workspace-guard.ts";

export class PrivateDesk {
  readonly folder: string;
  readonly #location: RepositoryLocation;

  constructor(folder: string, location: RepositoryLocation) {
    this.folder = folder;
    this.#location = location;
  }

  /**
   * A git directory made anew, with `tree` as its work tree: called when every process of the attempt has ended, so that none of them
   * can have put anything into it, sandbox or not.
   */
  async freshGit(tree: string): Promise<GitPlace> {
    const gitDir = join(this.folder, "shadow.git");
    await removeFolder(gitDir);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await makePrivateGitDirectory(gitDir, this.#location);
    const { objects, identity } = this.#location;
    return { cwd: tree, gitDir, workTree: tree, objects, indexFile: join(gitDir, "index"), identity };
  }

  async remember(manifest: Manifest, git: GitState): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, "git-snapshot.json"), writeGitState(git), { mode: 0o600 });
    await writeFile(join(this.folder, "snapshot.json"), JSON.stringify([...manifest]), { mode: 0o600 });
  }

  /** Throws when nothing was remembered. */
  async recall(): Promise<{ manifest: Manifest; git: GitState }> {
    const entries: [string, ManifestEntry][] = JSON.parse(await readFile(join(this.folder, "snapshot.json"), "utf8"));
    const git = readBack(await readFile(join(this.folder, "git-snapshot.json"), "utf8"));
    return { manifest: new Map(entries), git };
  }
}
