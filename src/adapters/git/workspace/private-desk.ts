/** What Forkjoin keeps about a workspace for itself, in a folder no agent is shown: the git directory that commits, the snapshot, check logs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OwnGitPlace } from "../git.ts";
import type { Engine } from "../repository/engine.ts";
import { makePrivateGitDirectory } from "../repository/private-git-directory.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";
import { removeFolder } from "./remove-folder.ts";

export class PrivateDesk {
  readonly folder: string;
  readonly #location: RepositoryLocation;
  readonly #engine: Engine;

  constructor(folder: string, location: RepositoryLocation, engine: Engine) {
    this.folder = folder;
    this.#location = location;
    this.#engine = engine;
  }

  /**
   * A git directory made anew, with `tree` as its work tree: called when every process of the attempt has ended, so that none of them
   * can have put anything into it, sandbox or not.
   */
  async freshGit(tree: string): Promise<OwnGitPlace> {
    const gitDir = join(this.folder, "shadow.git");
    await removeFolder(gitDir);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await makePrivateGitDirectory(gitDir, this.#location, [this.#engine.objects]);
    const { identity } = this.#location;
    return { cwd: tree, gitDir, workTree: tree, indexFile: join(gitDir, "index"), identity };
  }

  /** What a later process will read again. */
  async keep(name: string, notes: unknown): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, `${name}.json`), JSON.stringify(notes), { mode: 0o600 });
  }

  /** Throws when nothing of that name was kept. */
  async read<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(join(this.folder, `${name}.json`), "utf8"));
  }
}
