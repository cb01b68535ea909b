/** A folder known again by what it is: a name may lead to another one by now. */
import { lstatSync } from "node:fs";

/** Device and inode of the folder itself; empty for a link, and where there is none. */
export function folderIdentity(folder: string): string {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? `${stats.dev} ${stats.ino}` : "";
}
