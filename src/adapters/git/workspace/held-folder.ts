/** A folder held by its descriptor: whatever its name comes to lead to, what is done below `path` reaches that very folder and no other. */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync } from "node:fs";
import { join } from "node:path";

/** Linux leads from a descriptor to the folder itself. Elsewhere a folder is known by device and inode alone, and reached by its name. */
const BY_DESCRIPTOR = process.platform === "linux" && existsSync("/proc/self/fd");
const OPEN = constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

export class NoFolder extends Error {}

export class HeldFolder {
  /** where its entries are; no name on the way to it is looked up again */
  readonly path: string;
  /** device and inode */
  readonly identity: string;
  /** its name, for messages */
  readonly name: string;
  readonly #descriptor: number | undefined;

  private constructor(place: string, name: string) {
    this.name = name;
    this.#descriptor = BY_DESCRIPTOR ? opened(place, name) : undefined;
    this.path = this.#descriptor === undefined ? place : `/proc/self/fd/${this.#descriptor}`;
    this.identity = identityAt(place, this.#descriptor, name);
  }

  /** Throws `NoFolder` for a link, a file or nothing. The folders above are Forkjoin's own. */
  static at(place: string): HeldFolder {
    return new HeldFolder(place, place);
  }

  below(name: string): HeldFolder {
    return new HeldFolder(`${this.path}/${name}`, join(this.name, name));
  }

  /** Whether an entry of that name is a folder, and no link to one. */
  hasFolder(name: string): boolean {
    return lstatSync(`${this.path}/${name}`, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

function opened(place: string, name: string): number {
  try {
    return openSync(place, OPEN);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ELOOP" || code === "ENOTDIR" || code === "ENOENT")
      throw new NoFolder(`${name} is no folder any more`);
    throw error;
  }
}

function identityAt(place: string, descriptor: number | undefined, name: string): string {
  const stats =
    descriptor === undefined
      ? lstatSync(place, { throwIfNoEntry: false, bigint: true })
      : fstatSync(descriptor, { bigint: true });
  if (stats?.isDirectory() !== true) throw new NoFolder(`${name} is no folder any more`);
  return `${stats.dev} ${stats.ino}`;
}

/** Holds the folder at `path` below `root`, looking up one name after the other, and calls `use`; throws `NoFolder` where a name is none. */
export function holding<T>(root: HeldFolder, path: string, use: (folder: HeldFolder) => T): T {
  const [first, ...rest] = path.split("/").filter((name) => name !== "");
  if (first === undefined) return use(root);
  using inner = root.below(first);
  return holding(inner, rest.join("/"), use);
}
