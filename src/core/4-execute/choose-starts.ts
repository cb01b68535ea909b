/** Phase 4.1 — of the tasks that could start, those that may: a slot open, locks and pools free, no agent over its limit. */
import type { RunSettings } from "../model/run.ts";
import type { Task } from "../model/task.ts";

export type StartLimits = Pick<RunSettings, "pools" | "agents" | "agent"> & { max_parallel: number };

/** Resources in use, by name; agents and pools are counted, locks are held whole. */
interface Taken {
  slots: number;
  locks: Set<string>;
  pools: Map<string, number>;
  agents: Map<string, number>;
}

/** Tasks of `ready` that start now, beside `running`: by priority, then in the order given. */
export function chooseStarts(ready: Task[], running: Task[], limits: StartLimits): Task[] {
  const taken: Taken = { slots: 0, locks: new Set(), pools: new Map(), agents: new Map() };
  for (const task of running) take(task, taken, limits);
  const chosen: Task[] = [];
  for (const task of byPriority(ready)) {
    if (!fits(task, taken, limits)) continue;
    take(task, taken, limits);
    chosen.push(task);
  }
  return chosen;
}

function byPriority(tasks: Task[]): Task[] {
  return [...tasks].sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
}

function fits(task: Task, taken: Taken, limits: StartLimits): boolean {
  if (taken.slots >= limits.max_parallel || task.locks.some((lock) => taken.locks.has(lock))) return false;
  const agent = agentOf(task, limits);
  const most = agent === undefined ? undefined : limits.agents[agent]?.max_parallel;
  if (agent !== undefined && most !== undefined && (taken.agents.get(agent) ?? 0) >= most) return false;
  return Object.entries(task.pools ?? {}).every(
    ([pool, units]) => (taken.pools.get(pool) ?? 0) + units <= (limits.pools[pool] ?? 0),
  );
}

function take(task: Task, taken: Taken, limits: StartLimits): void {
  taken.slots += 1;
  for (const lock of task.locks) taken.locks.add(lock);
  const agent = agentOf(task, limits);
  if (agent !== undefined) taken.agents.set(agent, (taken.agents.get(agent) ?? 0) + 1);
  for (const [pool, units] of Object.entries(task.pools ?? {})) {
    taken.pools.set(pool, (taken.pools.get(pool) ?? 0) + units);
  }
}

/** A task's own command counts against no agent. */
function agentOf(task: Task, limits: StartLimits): string | undefined {
  return task.command === undefined ? (task.agent ?? limits.agent) : undefined;
}
