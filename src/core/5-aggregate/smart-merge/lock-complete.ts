/** Phase 5.2 — whether every package that an npm lock file's entries ask for is in it, looked up as Node would, in a version that one of its authors had there. */

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

/** Whether every entry still gets, for each package it asks for, the version that it got in `ours` or `theirs`. */
export function keepsVersions(merged: unknown, sides: unknown[]): boolean {
  const found = versionsGot(merged);
  const before = sides.map(versionsGot);
  return [...found].every(([need, version]) => {
    const had = before.flatMap((one) => (one.has(need) ? [one.get(need)] : []));
    return had.length === 0 || had.includes(version);
  });
}

/** entry and package it asks for → the version it gets. */
function versionsGot(lock: unknown): Map<string, unknown> {
  const packages = fieldOf(lock, "packages") ?? {};
  const got = new Map<string, unknown>();
  for (const [at, entry] of Object.entries(packages)) {
    for (const name of needs(entry, at)) {
      const path = foldersUp(at)
        .map((folder) => `${folder}node_modules/${name}`)
        .find((one) => Object.hasOwn(packages, one));
      if (path !== undefined) got.set(`${at} ${name}`, versionOf(packages[path]));
    }
  }
  return got;
}

function versionOf(entry: unknown): unknown {
  return typeof entry === "object" && entry !== null && "version" in entry ? entry.version : undefined;
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
