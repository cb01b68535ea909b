/** The specification's table of expected improvements as workloads: n tasks of which a part is independent, under several readings of the rest. */

export const ROWS = [
  { tasks: 3, independent: 1, expected: [2.5, 3] },
  { tasks: 5, independent: 0.8, expected: [3, 4] },
  { tasks: 10, independent: 0.6, expected: [4, 5] },
  { tasks: 10, independent: 0.2, expected: [1.5, 2] },
];

/**
 * What the dependent tasks wait for. fan: one random independent task. join: all independent ones. tree: one random earlier task.
 * chain: the dependent task before. lock: nothing, but they share a lock. serial: nothing, but each runs alone.
 * pairs: no task is dependent as such; of all pairs of tasks, the given part has no way from one to the other.
 */
export const READINGS = ["fan", "tree", "join", "chain", "lock", "serial", "pairs"];

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
  if (reading === "pairs") orderPairs(list, independent, next);
  const bound = list.slice(free).map((task) => task.id);
  const locks = reading === "lock" && bound.length > 0 ? { shared: bound } : {};
  const conflicts = reading === "serial" ? bound.flatMap((id) => alone(id, list)) : [];
  return { tasks: list, conflicts, locks, pools: {}, max_parallel: 5 };
}

/** Pairs with every other task. */
function alone(id, list) {
  return list.filter((other) => other.id !== id).map((other) => [id, other.id]);
}

/** Needs by chance, one after the other, none that would leave fewer independent pairs than there shall be. */
function orderPairs(list, independent, next) {
  const pairs = list.flatMap((_, later) => list.slice(0, later).map((__, earlier) => [earlier, later]));
  for (let place = pairs.length - 1; place > 0; place--) {
    const other = Math.floor(next() * (place + 1));
    [pairs[place], pairs[other]] = [pairs[other], pairs[place]];
  }
  const most = pairs.length - Math.round(independent * pairs.length);
  let before = list.map(() => new Set());
  for (const [earlier, later] of pairs) {
    const after = ordered(before, earlier, later);
    if (after.reduce((sum, set) => sum + set.size, 0) > most) continue;
    if (!before[later].has(earlier)) list[later].needs = [...list[later].needs, `t${earlier}`];
    before = after;
  }
}

/** What is before each task, once `earlier` is before `later`. */
function ordered(before, earlier, later) {
  const added = [earlier, ...before[earlier]];
  return before.map((set, task) => (task === later || set.has(later) ? new Set([...set, ...added]) : set));
}

function needsOf(reading, { place, free, next }) {
  if (reading === "fan") return [`t${Math.floor(next() * free)}`];
  if (reading === "tree") return [`t${Math.floor(next() * place)}`];
  if (reading === "join") return Array.from({ length: free }, (_, task) => `t${task}`);
  if (reading === "chain") return place > free ? [`t${place - 1}`] : [];
  return [];
}
