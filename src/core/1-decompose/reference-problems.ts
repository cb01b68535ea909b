/** Phase 1.2 — every name a task uses must exist: other tasks, agents, checks; and a command only where the operator allows it. */
import { CLIENT_AGENT } from "../model/configuration.ts";
import type { Problem } from "../model/failure.ts";
import { ownValue } from "../model/own-value.ts";
import type { RunSettings } from "../model/run.ts";
import type { NamedTask, ReadTasks } from "./read-tasks.ts";

export function referenceProblems({ tasks, ids }: Omit<ReadTasks, "problems">, settings: RunSettings): Problem[] {
  return tasks.flatMap((task) => [
    ...taskReferences(task, "depends_on", ids),
    ...taskReferences(task, "conflicts_with", ids),
    ...namedReferences(task, settings),
    ...commandProblems(task, settings),
    ...poolProblems(task, settings),
  ]);
}

function taskReferences(task: NamedTask, field: "depends_on" | "conflicts_with", ids: Set<string>): Problem[] {
  return [...new Set(task[field])].flatMap((id) => {
    if (id === task.id) return [problem(task, field, "self_reference", `names the task itself`, "remove it")];
    if (ids.has(id)) return [];
    const known = listed([...ids]);
    return [
      problem(task, field, "unknown_task", `names ${JSON.stringify(id)}, which is no task`, `known ids: ${known}`),
    ];
  });
}

function namedReferences(task: NamedTask, settings: RunSettings): Problem[] {
  const agents = [...Object.keys(settings.agents), CLIENT_AGENT];
  const checks = Object.keys(settings.checks);
  const agent = task.agent;
  const badAgent =
    agent !== undefined && !agents.includes(agent)
      ? [
          problem(
            task,
            "agent",
            "unknown_agent",
            `names ${JSON.stringify(agent)}, which is not configured`,
            knownNames("agents", agents),
          ),
        ]
      : [];
  const badChecks = [...task.checks, ...(task.red_checks ?? [])]
    .filter((check) => !checks.includes(check))
    .map((check) =>
      problem(
        task,
        "checks",
        "unknown_check",
        `names ${JSON.stringify(check)}, which is not configured`,
        knownNames("checks", checks),
      ),
    );
  return [...badAgent, ...badChecks];
}

function commandProblems(task: NamedTask, settings: RunSettings): Problem[] {
  if (task.command === undefined || settings.allow_task_commands) return [];
  const fix = "remove it, or set allow_task_commands: true in the operator's configuration";
  return [problem(task, "command", "command_not_allowed", "is set, and tasks may not carry commands here", fix)];
}

/** A task larger than its pool could never start. */
function poolProblems(task: NamedTask, { pools }: RunSettings): Problem[] {
  return Object.entries(task.pools ?? {}).flatMap(([pool, needed]) => {
    const size = ownValue(pools, pool);
    if (size === undefined) {
      const fix = knownNames("pools", Object.keys(pools));
      return [problem(task, "pools", "unknown_pool", `names ${JSON.stringify(pool)}, which is not configured`, fix)];
    }
    if (needed <= size) return [];
    const says = `asks for ${needed} of ${JSON.stringify(pool)}, which has ${size}`;
    return [problem(task, "pools", "pool_too_small", says, `ask for at most ${size}, or raise pools.${pool}`)];
  });
}

function problem(task: NamedTask, field: string, code: string, says: string, fix: string): Problem {
  return { task_id: task.id, field, code, message: `task ${task.id}: ${field} ${says}`, fix };
}

function knownNames(what: string, names: string[]): string {
  return names.length === 0
    ? `no ${what} are configured: add them to the configuration file`
    : `known ${what}: ${listed(names)}`;
}

/** At most ten names, so that a message stays readable. */
function listed(names: string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown}, … (${names.length} in all)` : shown;
}
