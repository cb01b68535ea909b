/** Phase 5.2 — whether every package that an npm lock file's entries ask for is in it, looked up as Node would. */

type Entries = Record<string, unknown>;

/** True as well for what has no `packages`: nothing can be said of it. */
export function isComplete(lock: unknown): boolean {
  const packages = fieldOf(lock, "packages");
  if (packages === undefined) return true;
  return Object.entries(packages).every(([at, entry]) =>
    needs(entry, at).every((name) =>
      foldersUp(at).some((folder) => Object.hasOwn(packages, `${folder}node_modules/${name}`)),
    ),
  );
}

function needs(entry: unknown, at: string): string[] {
  const own = at.includes("node_modules/") ? [] : Object.keys(fieldOf(entry, "devDependencies") ?? {});
  return [...Object.keys(fieldOf(entry, "dependencies") ?? {}), ...own];
}

/** `a/node_modules/b` looks below itself, below `a`, and at the top. */
function foldersUp(at: string): string[] {
  const folders = [""];
  const segments = at.split("/");
  for (let count = 1; at !== "" && count <= segments.length; count += 1) {
    folders.push(`${segments.slice(0, count).join("/")}/`);
  }
  return folders.toReversed();
}

function fieldOf(value: unknown, name: string): Entries | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const field: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof field === "object" && field !== null && !Array.isArray(field)
    ? Object.fromEntries(Object.entries(field))
    : undefined;
}
