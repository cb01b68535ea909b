/** Phase 1.2 — ids that say which file or module a task is about. */

import { TaskId } from "../../model/identifier.ts";

const LONGEST = 64;

/** `src/utils/helper.py` → `src-utils-helper.py`; where two names give the same, the later ones are numbered. */
export function taskIds(names: string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const base = idOf(name);
    let id = base;
    for (let number = 2; used.has(id); number += 1) id = `${base.slice(0, LONGEST - `-${number}`.length)}-${number}`;
    used.add(id);
    return id;
  });
}

/** The end of a long path says most. What cannot be a name of a ref or a file is spelt otherwise. */
function idOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/\.{2,}/g, "-")
    .slice(-LONGEST)
    .replace(/^[^a-z0-9]+/, "")
    .replace(/\.(lock)?$/, "-$1");
  return TaskId.safeParse(plain).success ? plain : `task-${plain}`.slice(0, LONGEST).replace(/[.-]+$/, "");
}
