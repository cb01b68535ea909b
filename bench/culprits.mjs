/** The search for culprits against its goals: mean test runs over worlds with hidden clashes. Needs `npm run build`. */
import { findCulprit } from "../build/core/5-aggregate/validate/find-culprit.js";
import { makeWorld, numbers, searchWorld } from "./culprits/world.mjs";

const WORLDS = Number(process.env.WORLDS ?? 2_000);
const CELLS = [
  { tasks: 5, clashes: 1, size: 2 },
  { tasks: 10, clashes: 1, size: 2 },
  { tasks: 10, clashes: 1, size: 3 },
  { tasks: 20, clashes: 1, size: 2, goal: 6.5 },
  { tasks: 20, clashes: 3, size: 2 },
  { tasks: 50, clashes: 1, size: 2 },
  { tasks: 50, clashes: 3, size: 2, goal: 17.5 },
];

async function measure(cell, width) {
  const random = numbers(20_261_101);
  const all = [];
  for (let index = 0; index < WORLDS; index += 1)
    all.push(await searchWorld(findCulprit, makeWorld(random, cell), width));
  const mean = (field) => all.reduce((sum, world) => sum + world[field], 0) / all.length;
  const runs = all.map((world) => world.runs).sort((a, b) => a - b);
  return {
    mean: mean("runs"),
    most: runs[Math.floor(runs.length * 0.95)],
    again: mean("again"),
    maximal: all.every((world) => world.maximal && world.green),
  };
}

console.log(
  `test runs to a green maximal rest, ${WORLDS} worlds a row; the whole train's first run and the closing one count`,
);
console.log("tasks  clashes       mean  95 %  repeats  goal  maximal  mean with 3 at once");
for (const cell of CELLS) {
  const [one, three] = [await measure(cell, 1), await measure(cell, 3)];
  const clashes = `${cell.clashes} ${cell.size === 2 ? "pair" : "triple"}${cell.clashes > 1 ? "s" : ""}`;
  const goal = cell.goal === undefined ? "" : `${cell.goal}`;
  console.log(
    `${String(cell.tasks).padEnd(6)} ${clashes.padEnd(12)} ${one.mean.toFixed(2).padStart(5)} ${String(one.most).padStart(5)} ${one.again.toFixed(2).padStart(8)} ${goal.padStart(5)}  ${String(one.maximal && three.maximal).padEnd(8)} ${three.mean.toFixed(2)}`,
  );
  if (cell.goal !== undefined && one.mean > cell.goal) process.exitCode = 1;
}
