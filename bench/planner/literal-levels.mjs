/** "Group tasks at same level into batches", word for word and without the planner's code: the least that any reading of it gives. */

/** Milliseconds (sum of the longest tasks) or number of batches. */
export function literalLevels(instance, objective) {
  const published = instance.reference.batch?.level;
  const own = [inListOrder, longestFirst].map((order) => measured(cut(instance, order), objective));
  const theirs = published === undefined ? [] : [objective === "time" ? published.sumMax : published.count];
  return Math.min(...own, ...theirs);
}

const inListOrder = (tasks) => tasks;
const longestFirst = (tasks) => [...tasks].sort((a, b) => b.duration - a.duration);

function measured(batches, objective) {
  if (objective === "batches") return batches.length;
  return batches.reduce((sum, batch) => sum + Math.max(...batch.map((task) => task.duration)), 0);
}

/** Level after level, each filled batch by batch with what fits. */
function cut(instance, order) {
  const capacity = new Map((instance.resources ?? []).map((pool) => [pool.id, pool.capacity]));
  return levelsOf(instance.tasks).flatMap((level) => {
    const batches = [];
    for (let left = order(level); left.length > 0; ) {
      const batch = [];
      for (const task of left) if (fits(task, batch, { machines: instance.machines, capacity })) batch.push(task);
      batches.push(batch);
      left = left.filter((task) => !batch.includes(task));
    }
    return batches;
  });
}

function levelsOf(tasks) {
  const level = new Map();
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const of = (id) => {
    if (!level.has(id)) level.set(id, Math.max(0, ...byId.get(id).dependsOn.map((need) => of(need) + 1)));
    return level.get(id);
  };
  const levels = [];
  for (const task of tasks) {
    const at = of(task.id);
    levels[at] ??= [];
    levels[at].push(task);
  }
  return levels;
}

function fits(task, batch, { machines, capacity }) {
  if (machines && batch.length >= machines) return false;
  if (batch.some((other) => task.conflictsWith.includes(other.id))) return false;
  return Object.entries(task.demands ?? {}).every(([pool, units]) => {
    const used = batch.reduce((sum, other) => sum + (other.demands?.[pool] ?? 0), units);
    return used <= capacity.get(pool);
  });
}
