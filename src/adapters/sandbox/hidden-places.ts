/** The places that nobody in a sandbox sees: one list for the mounts, for what a command needs to be shown, and for what may be granted. */
import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/** Folders of other people's software, though they look like homes. */
const NO_HOMES = ["/home/linuxbrew"];
/** Without them nothing runs; of a repository there only its git directory is hidden. */
const SYSTEM = ["/", "/bin", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/var"];

/** Homes as the environment, the system and the folder of homes know them, temporary and run-time folders, Forkjoin's own; real paths, sorted. */
export function hiddenPlaces(home: string): string[] {
  const others = namesIn("/home").map((name) => join("/home", name));
  const homes = [homedir(), userInfo().homedir, "/root", ...others].filter((folder) => !NO_HOMES.includes(folder));
  return foldersAmong([...homes, "/tmp", "/var/tmp", "/run", home]);
}

/** Folders of a repository that can be hidden. */
export function hiddenRepository(folders: string[]): string[] {
  return foldersAmong(folders.filter((folder) => !SYSTEM.includes(folder)));
}

/** Real paths of those that are there, sorted, each once; never the whole disk. */
function foldersAmong(places: string[]): string[] {
  const real = places.filter((folder) => isAbsolute(folder) && isFolder(folder)).map((folder) => realpathSync(folder));
  return [...new Set(real)].filter((folder) => folder !== "/").sort();
}

/** Where a process of root could read what no one else may: folders and files of the system that are closed to others. */
const PRIVATE = ["/etc", "/var/lib", "/var/log", "/var/spool", "/var/backups"];
const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o005;
/** Each costs a mount. */
const MAX_PRIVATE = 60;

const remembered: { secrets?: { files: string[]; folders: string[] } } = {};

/** For root, whose rights stay with the owner of a file, capabilities or not; for others the system itself keeps them shut. Looked up once. */
export function systemSecrets(): { files: string[]; folders: string[] } {
  if (process.getuid?.() !== 0) return { files: [], folders: [] };
  remembered.secrets ??= secretsIn(PRIVATE);
  return remembered.secrets;
}

function secretsIn(places: string[]): { files: string[]; folders: string[] } {
  const found: { files: string[]; folders: string[] } = { files: [], folders: [] };
  const pending = places.map((folder) => ({ folder, depth: folder === "/etc" ? 3 : 1 }));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    for (const name of namesIn(next.folder)) {
      const path = join(next.folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (found.files.length + found.folders.length >= MAX_PRIVATE) return found;
      if (stats?.isFile() && (stats.mode & OTHERS_READ) === 0) found.files.push(path);
      if (!stats?.isDirectory()) continue;
      if ((stats.mode & OTHERS_ENTER) !== OTHERS_ENTER) found.folders.push(path);
      else if (next.depth > 1) pending.push({ folder: path, depth: next.depth - 1 });
    }
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return existsSync(path) && lstatSync(realpathSync(path)).isDirectory();
  } catch {
    return false;
  }
}
