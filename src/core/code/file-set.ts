/** The tracked files of one commit as a set with folders: all that resolution may look at. */

export class FileSet {
  readonly paths: ReadonlySet<string>;
  #folders: Map<string, string[]> | undefined;
  #byName: Map<string, string[]> | undefined;
  #stems: Set<string> | undefined;

  constructor(paths: Iterable<string>) {
    this.paths = new Set(paths);
  }

  has(path: string): boolean {
    return this.paths.has(path);
  }

  /** Is there a file that is this path with an ending, such as `.ts` or `.d.ts`? */
  hasStem(path: string): boolean {
    this.#stems ??= this.#indexStems();
    return this.#stems.has(path);
  }

  hasFolder(path: string): boolean {
    this.#folders ??= this.#indexFolders();
    return this.#folders.has(path);
  }

  /** Files directly in `folder`, sorted. */
  in(folder: string): string[] {
    this.#folders ??= this.#indexFolders();
    return this.#folders.get(folder) ?? [];
  }

  /** Files of that name, sorted. */
  named(name: string): string[] {
    this.#byName ??= this.#indexNames();
    return this.#byName.get(name) ?? [];
  }

  #indexFolders(): Map<string, string[]> {
    const folders = new Map<string, string[]>([["", []]]);
    for (const path of [...this.paths].sort()) {
      let folder = folderOf(path);
      const files = folders.get(folder);
      if (files !== undefined) files.push(path);
      else folders.set(folder, [path]);
      for (folder = folderOf(folder); !folders.has(folder); folder = folderOf(folder)) folders.set(folder, []);
    }
    return folders;
  }

  #indexStems(): Set<string> {
    const stems = new Set<string>();
    for (const path of this.paths) {
      const name = path.lastIndexOf("/") + 1;
      for (let dot = path.indexOf(".", name); dot !== -1; dot = path.indexOf(".", dot + 1)) {
        stems.add(path.slice(0, dot));
      }
    }
    return stems;
  }

  #indexNames(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const path of [...this.paths].sort()) {
      const name = nameOf(path);
      const files = names.get(name);
      if (files !== undefined) files.push(path);
      else names.set(name, [path]);
    }
    return names;
  }
}

/** `a/b/c.ts` → `a/b`; a path of one segment lies in `""`. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at === -1 ? "" : path.slice(0, at);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Joins and normalises; undefined when the result lies outside the repository. */
export function joinPath(folder: string, relative: string): string | undefined {
  if (!relative.startsWith("./") || ODD_SEGMENT.test(relative)) return joinSegments(folder, relative);
  return folder === "" ? relative.slice(2) : folder + relative.slice(1);
}

/** An empty, `.` or `..` segment after the leading `./`. */
const ODD_SEGMENT = /\/\.{0,2}(?:\/|$)/;

function joinSegments(folder: string, relative: string): string | undefined {
  const segments = folder === "" ? [] : folder.split("/");
  for (const segment of relative.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join("/");
}

/** The folder itself and those above it, nearest first, ending with `""`. */
export function foldersUp(folder: string): string[] {
  const found = [folder];
  for (let here = folder; here !== ""; ) {
    here = folderOf(here);
    found.push(here);
  }
  return found;
}
