/** Swaps names for links in a loop until it is ended: what an adversary does while Forkjoin works. Arguments: workspace folder, victim folder. */
import { renameSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";

const [folder, victim] = process.argv.slice(2);
const NAMES = ["tree", "tree/src", "tree/.git", "outbox", "home", "tmp", "tree/src/dir"];

function swap(name) {
  const [place, aside] = [join(folder, name), join(folder, `aside-${name.replaceAll("/", "-")}`)];
  try {
    renameSync(place, aside);
  } catch {
    return;
  }
  try {
    symlinkSync(victim, place);
    unlinkSync(place);
  } catch {
    // Somebody else was there.
  }
  try {
    renameSync(aside, place);
  } catch {
    // Its place is taken.
  }
}

process.send?.("ready");
for (;;) swap(NAMES[Math.floor(Math.random() * NAMES.length)]);
