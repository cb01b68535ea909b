/** Phase 5.2 — one step of the merge lane: a task's accepted change on top of what is integrated, in memory, as one commit. */
import type { Conflict, Decision, Strategy } from "../model/conflict.ts";
import type { MergeStep } from "../model/integration.ts";
import type { Run } from "../model/run.ts";
import type { Task } from "../model/task.ts";
import { conflictOf } from "./describe-conflict.ts";
import { findOverlap, type MergeSides } from "./find-overlap.ts";
import type { MergePorts } from "./merge-ports.ts";
import { type SettledPaths, settlePaths } from "./settle-paths.ts";
import { STRATEGY_RULES } from "./strategies.ts";

export interface AcceptedTask {
  task: Task;
  base: string;
  source: string;
  /** when the attempt ended: the commit's date, so that merging again gives the same commit */
  at: number;
  /** paths it changed */
  files: string[];
  /** how many lines it added and removed */
  lines: number;
}

export interface MergeLane extends MergePorts {
  run: Run;
  strategy: Strategy;
  decisions: Decision[];
  /** the tasks that are in already, in order */
  earlier: AcceptedTask[];
}

export interface MergeResult {
  step: MergeStep;
  conflicts: Conflict[];
}

export async function mergeTask(lane: MergeLane, accepted: AcceptedTask, tip: string): Promise<MergeResult> {
  const { repository, strategy } = lane;
  const sides: MergeSides = { base: accepted.base, tip, source: accepted.source };
  const overlap = await findOverlap(repository, sides);
  const decisions = decisionsFor(accepted.task.id, lane.decisions);
  const settled = await settlePaths(repository, { sides, overlap, strategy, decisions });
  const conflicts = await Promise.all(
    settled.waiting.map(async (waiting) => {
      const others = (await touching(lane, waiting.path)).map((touched) => touched.task_id);
      return conflictOf(repository, waiting, [...new Set(others), accepted.task.id]);
    }),
  );
  const held = conflicts.length > 0 && STRATEGY_RULES[strategy].holdsTask;
  const commit = held ? tip : await land(lane, { accepted, tip, settled });
  const outcome = held ? "held" : outcomeOf(overlap.theirs.length, settled);
  const open = new Set(conflicts.map((conflict) => conflict.path));
  const step: MergeStep = {
    task_id: accepted.task.id,
    source: accepted.source,
    outcome,
    commit,
    settled: overlap.paths.filter((path) => !open.has(path)).length,
    merged: [],
    dropped: held ? [] : await droppedOf(lane, accepted.task.id, settled),
    conflicts: conflicts.map((conflict) => conflict.conflict_id),
  };
  return { step, conflicts };
}

function decisionsFor(taskId: string, decisions: Decision[]): Map<string, Decision> {
  const prefix = `${taskId}:`;
  const own = decisions.filter((decision) => decision.conflict_id.startsWith(prefix));
  return new Map(own.map((decision) => [decision.conflict_id.slice(prefix.length), decision]));
}

function outcomeOf(changed: number, settled: SettledPaths): MergeStep["outcome"] {
  if (changed === 0) return "empty";
  const missing = settled.waiting.length > 0 || settled.dropped.some((drop) => drop.side === "theirs");
  return missing ? "partial" : "merged";
}

async function land(
  { repository, run }: MergeLane,
  { accepted, tip, settled }: { accepted: AcceptedTask; tip: string; settled: SettledPaths },
): Promise<string> {
  const tree = await repository.treeOf(tip);
  const result = await repository.withEntries(tree, settled.entries);
  if (result === tree) return tip;
  const { task, at } = accepted;
  return repository.commit({ tree: result, parent: tip, message: messageOf(run, task), at });
}

const SUBJECT_LENGTH = 72;

/** A subject of at most 72 characters; a description that does not fit stands whole in the body. */
function messageOf(run: Run, task: Task): string {
  const description = task.description.trim();
  const subject = shortened(description.split("\n")[0] ?? task.id);
  const body = subject === description ? "" : description;
  const closes = (task.closes ?? []).map((issue) => `Closes #${issue}\n`).join("");
  const trailers = `${closes}Forkjoin-Run: ${run.run_id}\nForkjoin-Task: ${task.id}\n`;
  return [subject, body, trailers].filter((part) => part !== "").join("\n\n");
}

function shortened(line: string): string {
  const sentence = line.split(/(?<=[.!?])\s/)[0] ?? line;
  if (sentence.length <= SUBJECT_LENGTH) return sentence;
  const words = sentence.slice(0, SUBJECT_LENGTH).split(" ").slice(0, -1).join(" ");
  return `${words === "" ? sentence.slice(0, SUBJECT_LENGTH - 1) : words} …`;
}

async function droppedOf(lane: MergeLane, taskId: string, settled: SettledPaths): Promise<MergeStep["dropped"]> {
  const dropped: MergeStep["dropped"] = [];
  for (const { path, side, decision } of settled.dropped) {
    const lost = side === "theirs" ? [{ task_id: taskId, path }] : await touching(lane, path);
    for (const change of lost) dropped.push({ ...change, decision });
  }
  return dropped;
}

/** Changes of earlier tasks at `path`, or where it makes a file of their folder or a folder of their file; in merge order. */
async function touching(
  { repository, earlier }: MergeLane,
  path: string,
): Promise<{ task_id: string; path: string }[]> {
  const found: { task_id: string; path: string }[] = [];
  for (const { task, base, source } of earlier) {
    for (const change of await repository.changes(base, source)) {
      const nested = change.path.startsWith(`${path}/`) || path.startsWith(`${change.path}/`);
      if (change.path === path || (nested && change.after !== undefined)) {
        found.push({ task_id: task.id, path: change.path });
      }
    }
  }
  return found;
}
