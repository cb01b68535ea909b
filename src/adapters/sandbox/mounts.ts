/** The mounts of one sandbox as a list whose order follows from the paths: what is more specific lies over what is less. */

/**
 * - `hide` — an empty folder of memory, that can be written into unless it is `shut`; `/dev/null` over a file is `cover`
 * - `private` — the folder `from` of the workspace in the place of one of the machine
 * - `read` and `write` — the same path of the machine
 */
export type Mount =
  | { how: "hide" | "shut" | "cover" | "read" | "write"; path: string }
  | { how: "private"; path: string; from: string };

/** Ancestors first; of several on one path the later of `mounts` lies over the earlier. A hidden folder in a hidden folder needs no mount. */
export function inOrder(mounts: Mount[]): Mount[] {
  const sorted = mounts
    .map((mount, index) => ({ mount, index, parts: mount.path.split("/") }))
    .sort((a, b) => compare(a.parts, b.parts) || a.index - b.index)
    .map(({ mount }) => mount);
  return sorted.filter((mount, index) => mount.how !== "hide" || !isHidden(mount.path, sorted.slice(0, index)));
}

function compare(a: string[], b: string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left = "", right = ""] = [a[index], b[index]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** The mount that decides what is seen at `path`; of `mounts` in order. */
function covering(path: string, mounts: Mount[]): Mount | undefined {
  return mounts.findLast((mount) => path === mount.path || path.startsWith(`${mount.path}/`));
}

/** Whether nothing of the machine is at `path`; of `mounts` in order. */
export function isHidden(path: string, mounts: Mount[]): boolean {
  const over = covering(path, mounts);
  return over !== undefined && (isEmpty(over) || over.how === "private");
}

function isEmpty({ how }: Mount): boolean {
  return how === "hide" || how === "shut";
}

export function asFlags(mounts: Mount[]): string[] {
  // Not before everything in it has its place.
  const shut = mounts.filter(({ how }) => how === "shut");
  return [...mounts.flatMap(flagsOf), ...shut.flatMap(({ path }) => ["--remount-ro", path])];
}

function flagsOf(mount: Mount): string[] {
  switch (mount.how) {
    case "hide":
    case "shut":
      return ["--tmpfs", mount.path];
    case "cover":
      return ["--ro-bind", "/dev/null", mount.path];
    case "private":
      return ["--bind", mount.from, mount.path];
    case "read":
      return ["--ro-bind", mount.path, mount.path];
    case "write":
      return ["--bind", mount.path, mount.path];
  }
}
