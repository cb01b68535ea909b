/** Forms in which clients write a path, brought to the one that scopes and changes have: relative to the repository's root, with slashes. */

/** The same path without `./`, its backslashes turned, and relative to whichever of `roots` it lies in; anything else stays as it is. */
export function repositoryPath(path: string, roots: string[]): string {
  const turned = /^[A-Za-z]:/.test(path) ? path : path.replaceAll("\\", "/");
  const plain = turned.trim().replace(/^file:\/\/(?=\/)/, "");
  const root = roots.find((one) => plain === one || plain.startsWith(`${one}/`));
  const inside = root === undefined ? plain : plain.slice(root.length + 1) || ".";
  return inside.replace(/^(\.\/)+(?=.)/, "");
}

/** The same for an entry of a scope, where a folder stands for all that is in it. */
export function scopeEntry(entry: string, roots: string[]): string {
  const path = repositoryPath(entry, roots).replace(/(^|\/)\*\*\/\*$/, "$1**");
  if (path === "." || path === "./") return "**";
  return path.endsWith("/") && path.length > 1 ? `${path.replace(/\/+$/, "")}/**` : path;
}
