/** Desk of a workspace, a folder of Forkjoin's that no agent is shown: the git directory that commits, the snapshot, check logs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OwnGitPlace } from "../git.ts";
import type { Engine } from "../repository/engine.ts";
import { makePrivateGitDirectory } from "../repository/private-git-directory.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";
import { removeFolder } from "./remove-folder.ts";

const STAGE = "stage";

/** A git directory with a work tree of Forkjoin's own. */
export interface StagedGit extends OwnGitPlace {
  workTree: string;
}

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
   * A git directory made anew, with an empty work tree that is Forkjoin's own: called when every process of the attempt has ended, so that
   * none of them can have put anything into it, sandbox or not. No git ever works in an agent's tree.
   */
  async freshGit(): Promise<StagedGit> {
    const [gitDir, workTree] = [join(this.folder, "shadow.git"), join(this.folder, STAGE)];
    for (const folder of [gitDir, workTree]) await this.#clear(folder);
    await mkdir(workTree, { recursive: true, mode: 0o700 });
    await makePrivateGitDirectory(gitDir, this.#location, [this.#engine.objects]);
    const { identity } = this.#location;
    return { cwd: workTree, gitDir, workTree, indexFile: join(gitDir, "index"), identity };
  }

  /** The work tree of `freshGit`, without what an earlier commit needed. */
  async emptyStage(): Promise<string> {
    const stage = await this.fresh(STAGE);
    await mkdir(stage, { mode: 0o700 });
    return stage;
  }

  /** A folder that can be moved from here or be filled: not there yet. */
  async fresh(name: string): Promise<string> {
    const folder = join(this.folder, name);
    await this.#clear(folder);
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Throws where something stays: what is made anew holds nothing old. */
  async #clear(folder: string): Promise<void> {
    const problem = await removeFolder(folder);
    if (problem !== undefined) throw new Error(problem);
  }

  /** Notes that a later process will read again. */
  async keep(name: string, notes: unknown): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, `${name}.json`), JSON.stringify(notes), { mode: 0o600 });
  }

  /** Throws when nothing of that name was kept. */
  async read<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(join(this.folder, `${name}.json`), "utf8"));
  }
}
