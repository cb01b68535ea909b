/** Phase 1.2 — ids that say which file or module a task is about. */

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

/** The end of a long path says most. */
function idOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(-LONGEST)
    .replace(/^[^a-z0-9]+/, "");
  return plain === "" ? "task" : plain;
}
