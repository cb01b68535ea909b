/** Watches the user's git directory while agents run without a sandbox: what was planted there is undone, kept, and told to those who ran. */
import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "../../../core/model/attempt.ts";
import type { Watch } from "../../../core/ports/repository.ts";
import { isEveryday, settingsOf } from "./configuration-keys.ts";
import { summarised } from "./summarised.ts";
import {
  changedPaths,
  isConfiguration,
  readWatched,
  restoreWatched,
  type WatchedFile,
  type WatchedFiles,
} from "./watched-files.ts";

const FIX = "leave the user's repository alone: work in the workspace, whose own git directory is yours";

interface Watcher {
  found: Violation[];
  refs: Map<string, string>;
}

export interface Guarded {
  /** the git directory that all worktrees of the repository share */
  gitDirectory: string;
  /** where what is undone is kept, since it may have been the user's own doing */
  keptIn: string;
  /** the user's refs by name, Forkjoin's own left out */
  refs(): Promise<Map<string, string>>;
}

/** One per repository and process. Nobody can tell which of several agents it was, so each that ran at the time is told. */
export class GitGuard {
  readonly #guarded: Guarded;
  readonly #watchers = new Set<Watcher>();
  #before: WatchedFiles = new Map();
  #looking: Promise<void> = Promise.resolve();

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
  }

  async watch(): Promise<Watch> {
    const watcher: Watcher = { found: [], refs: await this.#guarded.refs() };
    await this.#inTurn(async () => {
      if (this.#watchers.size === 0) this.#before = await readWatched(this.#guarded.gitDirectory);
      this.#watchers.add(watcher);
    });
    return {
      end: async () => {
        await this.#inTurn(async () => {
          await this.#look();
          this.#watchers.delete(watcher);
        });
        return { tampered: watcher.found, moved: moved(watcher.refs, await this.#guarded.refs()) };
      },
    };
  }

  /** One look at a time: two would undo each other's undoing. */
  async #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#looking.then(action);
    this.#looking = turn.catch(() => undefined);
    await turn;
  }

  async #look(): Promise<void> {
    const found: Violation[] = [];
    const after = await readWatched(this.#guarded.gitDirectory);
    for (const path of changedPaths(this.#before, after)) {
      if (isConfiguration(path) && (await saysTheSame(this.#before.get(path), after.get(path)))) continue;
      const done = await this.#undo(path, after.get(path));
      const rule = `changed in the user's git directory while this ran; ${done}`;
      found.push({ path: `.git/${path}`, rule, fix: FIX });
    }
    for (const watcher of this.#watchers) watcher.found.push(...summarised(found));
    for (const [path, file] of await readWatched(this.#guarded.gitDirectory)) this.#before.set(path, file);
  }

  async #undo(path: string, is: WatchedFile | undefined): Promise<string> {
    const was = this.#before.get(path);
    if (was?.opaque) return "not put back, because what it was before had been too much to be read";
    const kept = await this.#keep(path, is);
    await restoreWatched(this.#guarded.gitDirectory, path, was);
    return kept === undefined ? "undone, what it was could not be kept" : `undone, what it was is in ${kept}`;
  }

  /** Path of the copy that is kept; a file too large to be read is moved, undefined where it cannot be. */
  async #keep(path: string, is: WatchedFile | undefined): Promise<string | undefined> {
    const content = is?.content ?? Buffer.alloc(0);
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const file = join(this.#guarded.keptIn, `${path.replaceAll("/", "-")}-${digest}`);
    await mkdir(this.#guarded.keptIn, { recursive: true, mode: 0o700 });
    if (is?.opaque) {
      const moving = rename(join(this.#guarded.gitDirectory, path), file);
      return await moving.then(() => file).catch(() => undefined);
    }
    await writeFile(file, content, { mode: 0o600 });
    return file;
  }
}

/** A change of the user's own that makes nothing run is no tampering. */
async function saysTheSame(was: WatchedFile | undefined, is: WatchedFile | undefined): Promise<boolean> {
  const powers = async (file: WatchedFile | undefined): Promise<string> =>
    JSON.stringify((await settingsOf(file)).filter((setting) => !isEveryday(setting)));
  return was?.link === is?.link && (await powers(was)) === (await powers(is));
}

function moved(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}
