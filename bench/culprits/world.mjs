/** Worlds with hidden clashes, and the search of the product in them: how many test runs it needs, and what it keeps. */

/** Numbers that look random and are the same every time. */
export function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `clashes` sets of `size` tasks that fail together, among tasks that all pass alone. */
export function makeWorld(random, { tasks, clashes, size }) {
  const sets = Array.from({ length: clashes }, () => {
    const set = new Set();
    while (set.size < size) set.add(Math.floor(random() * tasks));
    return [...set];
  });
  return { tasks, red: (chosen) => sets.some((set) => set.every((task) => chosen.has(task))) };
}

/** The train as phase 5 runs it: whole, search, drop, whole again. Each state is tested once and remembered. */
export async function searchWorld(findCulprit, world, width = 1) {
  const verdicts = new Map();
  const count = { runs: 0, again: 0, rounds: 0 };
  const key = (chosen) => [...chosen].sort((a, b) => a - b).join(" ");
  const test = (chosen) => {
    const name = key(chosen);
    if (!verdicts.has(name)) {
      count.runs += 1;
      verdicts.set(name, world.red(new Set(chosen)) ? "red" : "green");
    }
    return verdicts.get(name);
  };
  let order = Array.from({ length: world.tasks }, (_, index) => index);
  const dropped = [];
  for (const task of order) verdicts.set(key([task]), "green");
  while (test(order) === "red") {
    const row = order;
    const found = await findCulprit({
      length: row.length,
      known: (size) => verdicts.get(key(row.slice(0, size))),
      test: async (size, again) => {
        if (again) count.again += 1;
        return test(row.slice(0, size));
      },
      width,
    });
    if (found.kind !== "culprit") throw new Error(`no culprit: ${JSON.stringify(found)}`);
    dropped.push(row[found.at - 1]);
    order = row.filter((_, index) => index !== found.at - 1);
  }
  const kept = new Set(order);
  const maximal = dropped.every((task) => world.red(new Set([...kept, task])));
  return { ...count, kept: kept.size, green: !world.red(kept), maximal };
}
