/** The folders a workspace is made of, known by device and inode: an agent may put something else in the place of their names, at any moment. */
import { constants, lstatSync } from "node:fs";
import { cp, lstat, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "../../../core/model/attempt.ts";
import type { Failure } from "../../../core/model/failure.ts";
import { PACKAGE_CACHES } from "../../../core/ports/workspace.ts";
import { HeldFolder, NoFolder } from "./held-folder.ts";
import type { PrivateDesk } from "./private-desk.ts";

/** The folder beside the working directory that is the agent's to write: what it hands back besides files. */
export const OUTBOX = "outbox";
const TREE = "tree";
/** The same from the first process to the last. */
const LASTING = [TREE, OUTBOX];

/** Name of a part, or `.` for the folder around them → device and inode. */
type Identities = Record<string, string>;

const RULE = "a folder of the workspace is not the one it was: something else stands in its place";
const FIX = "leave the working directory and the folders beside it where they are";

export class ReplacedFolder extends Error {
  readonly failure: Failure;
  constructor(name: string) {
    super(`${name}: ${RULE}`);
    this.failure = { code: "scope_violation", message: this.message, hint: FIX, paths: [name] };
  }
}

export class WorkspaceFolders {
  readonly #folder: string;
  readonly #desk: PrivateDesk;
  readonly #known: Identities;
  /** where the home is kept as the setup left it; before that it is the setup's to fill */
  #home: "setup" | "as_left" | "used" = "setup";

  private constructor(folder: string, desk: PrivateDesk, known: Identities) {
    this.#folder = folder;
    this.#desk = desk;
    this.#known = known;
  }

  static async made(folder: string, desk: PrivateDesk): Promise<WorkspaceFolders> {
    for (const name of [...LASTING, "home", "tmp"]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    using held = HeldFolder.at(folder);
    const known: Identities = { ".": held.identity };
    for (const name of LASTING) {
      using part = held.below(name);
      known[name] = part.identity;
    }
    await desk.keep("folders", known);
    return new WorkspaceFolders(folder, desk, known);
  }

  /** Folders that an earlier process made. Throws when it left no notes, or they are not the same any more. */
  static async recalled(folder: string, desk: PrivateDesk): Promise<WorkspaceFolders> {
    const folders = new WorkspaceFolders(folder, desk, await desk.read<Identities>("folders"));
    folders.#home = "used";
    for (const name of LASTING) folders.part(name)[Symbol.dispose]();
    return folders;
  }

  tree(): HeldFolder {
    return this.part(TREE);
  }

  /** Throws `ReplacedFolder` when it is not the one it was. */
  part(name: string): HeldFolder {
    using folder = this.#whole();
    return this.#same(name, () => folder.below(name));
  }

  replaced(): Violation[] {
    const found: Violation[] = [];
    for (const name of LASTING) {
      try {
        this.part(name)[Symbol.dispose]();
      } catch (error) {
        if (!(error instanceof ReplacedFolder)) throw error;
        found.push({ path: `../${name}`, rule: RULE, fix: FIX });
      }
    }
    return found;
  }

  /** From now on every process gets the home as it is now, without what package managers can fetch again. */
  async keepHome(): Promise<void> {
    using folder = this.#whole();
    const kept = await this.#desk.fresh("home");
    await mkdir(kept, { mode: 0o700 });
    using home = this.#same("home", () => folder.below("home"));
    await copyHome(home.path, kept);
    this.#home = "as_left";
  }

  /** Gives the next process a `tmp` and a `home` that no other one had; those of the setup share theirs. */
  async renew(): Promise<void> {
    for (const name of LASTING) this.part(name)[Symbol.dispose]();
    using folder = this.#whole();
    await this.#anew(folder, "tmp");
    if (this.#home === "used") {
      await this.#anew(folder, "home");
      using home = folder.below("home");
      await copyHome(join(this.#desk.folder, "home"), home.path);
    }
    if (this.#home === "as_left") this.#home = "used";
  }

  /** New folder in place of the old one, which goes to the desk, whatever it is. */
  async #anew(folder: HeldFolder, name: string): Promise<void> {
    const away = await this.#desk.fresh(`old-${name}`);
    await rename(`${folder.path}/${name}`, away).catch(() => undefined);
    await mkdir(`${folder.path}/${name}`, { mode: 0o700 });
  }

  #whole(): HeldFolder {
    return this.#same(".", () => HeldFolder.at(this.#folder));
  }

  #same(name: string, open: () => HeldFolder): HeldFolder {
    const held = openedBy(open, join(this.#folder, name));
    const known = this.#known[name];
    if (known === undefined || known === held.identity) return held;
    held[Symbol.dispose]();
    throw new ReplacedFolder(join(this.#folder, name));
  }
}

function openedBy(open: () => HeldFolder, name: string): HeldFolder {
  try {
    return open();
  } catch (error) {
    throw error instanceof NoFolder ? new ReplacedFolder(name) : error;
  }
}

/** Files, folders and links as they are: no link is followed. */
async function copyHome(from: string, to: string): Promise<void> {
  for (const name of await readdir(from).catch(() => [])) {
    if (PACKAGE_CACHES.includes(name)) continue;
    await cp(join(from, name), join(to, name), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: async (source) => !PACKAGE_CACHES.includes(below(source, from)) && (await isPlain(source)),
    });
  }
}

function below(path: string, folder: string): string {
  return path.slice(folder.length + 1);
}

async function isPlain(path: string): Promise<boolean> {
  const stats = await lstat(path);
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}

/** Which folder it is, whatever its name; links are none. */
export function folderIdentity(folder: string): string {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? `${stats.dev} ${stats.ino}` : "";
}
