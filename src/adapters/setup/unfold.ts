/** Gives a workspace what a template holds, after a look at every file: what was written into meanwhile is given to nobody. */
import { constants, copyFileSync, linkSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { discard, type Entry, FILES, isUnchanged, type Template, Turns } from "./template.ts";

class Spoiled extends Error {}

/** False, and nothing is left in `directory`, when the machine refuses, or the template is not as it was made: then it is gone, too. */
export async function unfold(
  template: Template,
  { home, directory }: { home: string; directory: string },
): Promise<boolean> {
  const folder = join(home, template.place);
  const turns = new Turns();
  try {
    for (const entry of template.entries) {
      await turns.next();
      give(entry, { files: join(folder, FILES), directory, way: template.way });
    }
    const now = new Date();
    await utimes(folder, now, now);
    return true;
  } catch (error) {
    for (const path of template.folders) await rm(join(directory, path), { recursive: true, force: true });
    if (error instanceof Spoiled) await discard(home, template);
    return false;
  }
}

interface Giving extends Pick<Template, "way"> {
  files: string;
  directory: string;
}

function give(entry: Entry, { files, directory, way }: Giving): void {
  const [from, to] = [join(files, entry.path), join(directory, entry.path)];
  if (entry.kind === "folder") {
    mkdirSync(to, { recursive: true, mode: entry.mode | 0o700 });
  } else if (entry.kind === "symlink") {
    symlinkSync(entry.inside ? `${directory}${entry.target}` : entry.target, to);
  } else {
    if (!isUnchanged(entry, lstatSync(from, { bigint: true }))) throw new Spoiled(`${from} was written into`);
    if (way === "link") linkSync(from, to);
    else copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
  }
}
