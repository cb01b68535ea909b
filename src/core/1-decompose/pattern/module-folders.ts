/** Pattern 2 — different modules: the packages and folders a set of files lies in. */
import { ancestorsOf } from "../../boundary/scope.ts";

const MANIFEST = /^(package\.json|go\.mod|Cargo\.toml|pyproject\.toml|pom\.xml|build\.gradle(\.kts)?)$/;

/** folder → its files, sorted; the nearest package below the files' common folder, else the first folder there. */
export function moduleFolders(files: string[], allPaths: string[]): Map<string, string[]> {
  const common = commonFolder(files);
  const packages = packageFolders(allPaths);
  const modules = new Map<string, string[]>();
  for (const path of files) {
    const key = moduleOf(path, common, packages);
    modules.set(key, [...(modules.get(key) ?? []), path]);
  }
  return new Map([...modules].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `src` for `src/a/x.ts` and `src/b.ts`; `""` when they share none. */
export function commonFolder(files: string[]): string {
  const [first = "", ...rest] = files;
  return (
    ancestorsOf(first).findLast((folder) => folder === "" || rest.every((path) => path.startsWith(`${folder}/`))) ?? ""
  );
}

function packageFolders(allPaths: string[]): Set<string> {
  const found = new Set<string>();
  for (const path of allPaths) {
    const at = path.lastIndexOf("/");
    if (MANIFEST.test(path.slice(at + 1))) found.add(at === -1 ? "" : path.slice(0, at));
  }
  return found;
}

function moduleOf(path: string, common: string, packages: Set<string>): string {
  const below = ancestorsOf(path).filter((folder) => folder.length > common.length);
  return below.findLast((folder) => packages.has(folder)) ?? below[0] ?? common;
}
