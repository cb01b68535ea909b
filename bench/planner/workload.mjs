/** The specification's table of expected improvements as workloads: n tasks of which a part is independent, under several readings of the rest. */

export const ROWS = [
  { tasks: 3, independent: 1, expected: [2.5, 3] },
  { tasks: 5, independent: 0.8, expected: [3, 4] },
  { tasks: 10, independent: 0.6, expected: [4, 5] },
  { tasks: 10, independent: 0.2, expected: [1.5, 2] },
];

/**
 * What the dependent tasks wait for. fan: one random independent task. join: all independent ones. tree: one random earlier task.
 * chain: the dependent task before. lock: nothing, but they share a lock.
 */
export const READINGS = ["fan", "tree", "join", "chain", "lock"];

function random(seed) {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let draw = 0; draw < 20; draw++) next();
  return next;
}

/** Durations are lognormal around 300 s with `sigma`, all equal where it is 0. */
export function workload({ tasks, independent }, reading, { sigma, seed }) {
  const next = random(seed * 7_919 + 31 * tasks + Math.round(100 * independent));
  const free = Math.round(independent * tasks);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const seconds = () =>
    sigma === 0 ? 300 : Math.max(1, Math.round(300 * Math.exp(sigma * normal() - sigma ** 2 / 2)));
  const list = Array.from({ length: tasks }, (_, place) => {
    const duration_ms = seconds() * 1_000;
    return { id: `t${place}`, duration_ms, needs: place < free ? [] : needsOf(reading, { place, free, next }) };
  });
  const bound = list.slice(free).map((task) => task.id);
  const locks = reading === "lock" && bound.length > 0 ? { shared: bound } : {};
  return { tasks: list, conflicts: [], locks, pools: {}, max_parallel: 5 };
}

function needsOf(reading, { place, free, next }) {
  if (reading === "fan") return [`t${Math.floor(next() * free)}`];
  if (reading === "tree") return [`t${Math.floor(next() * place)}`];
  if (reading === "join") return Array.from({ length: free }, (_, task) => `t${task}`);
  if (reading === "chain") return place > free ? [`t${place - 1}`] : [];
  return [];
}
