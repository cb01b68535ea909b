/** Whether files in this machine's folder for temporary files can be cloned: then no two workspaces have a file in common. */
import { constants, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const CLONES: boolean = canClone();

function canClone(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-clone-"));
  try {
    writeFileSync(join(folder, "a"), Buffer.alloc(16_384, "x"));
    copyFileSync(join(folder, "a"), join(folder, "b"), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
