/** Phase 5.2 — one step of the merge sequence: a task's accepted change on top of what is integrated, in memory, as one commit. */
import type { Conflict, Decision, Strategy } from "../../model/conflict.ts";
import type { MergeStep } from "../../model/integration.ts";
import type { Run } from "../../model/run.ts";
import { findOverlap, type MergeSides, type Overlap } from "../find-overlap.ts";
import type { MergePorts } from "../merge-ports.ts";
import type { AcceptedTask } from "./accepted-task.ts";
import { type MergedTask, tasksBeside, touching } from "./beside.ts";
import { commitTask } from "./commit-task.ts";
import { sidesAsked, sidesOf } from "./conflict-sides.ts";
import type { ContestedPath } from "./contested-path.ts";
import { decide } from "./decide.ts";
import { conflictOf } from "./describe-conflict.ts";
import { settleMeaning } from "./settle-meaning.ts";
import { type SettledPaths, settlePaths } from "./settle-paths.ts";
import { STRATEGY_RULES } from "./strategies.ts";

export interface MergeSequence extends MergePorts {
  run: Run;
  strategy: Strategy;
  decisions: Decision[];
  /** answers of earlier runs to conflicts in this repository, the newest first */
  remembered: Decision[];
  /** the tasks that are in already, in order */
  merged: MergedTask[];
}

export interface MergeResult {
  step: MergeStep;
  conflicts: Conflict[];
}

/** Parts of one merge step. */
interface Merging {
  sequence: MergeSequence;
  accepted: AcceptedTask;
  sides: MergeSides;
  overlap: Overlap;
  beside: MergedTask[];
}

export async function mergeTask(sequence: MergeSequence, accepted: AcceptedTask, tip: string): Promise<MergeResult> {
  const sides: MergeSides = { base: accepted.base, tip, source: accepted.source };
  const overlap = await findOverlap(sequence.repository, sides);
  const merging: Merging = { sequence, accepted, sides, overlap, beside: tasksBeside(accepted.base, sequence.merged) };
  const settled = await settlePaths(sequence, {
    sides,
    overlap,
    strategy: sequence.strategy,
    settings: sequence.run.settings.merge,
    names: async (path) => ({ ours: (await namesAt(merging, path)).join(", "), theirs: accepted.task.id }),
    decisionFor: (contested) => decisionFor(merging, contested),
    checksOf: (paths) => checksAt(merging, paths),
  });
  const textual = await Promise.all(
    settled.waiting.map(async (waiting) =>
      conflictOf(sequence.repository, waiting, [...(await namesAt(merging, waiting.path)), accepted.task.id]),
    ),
  );
  const heldByText = textual.length > 0 && STRATEGY_RULES[sequence.strategy].holdsTask;
  const meaning = heldByText ? { open: [] } : await meaningOf(merging, settled);
  const conflicts = [...textual, ...meaning.open];
  return { step: await stepOf(merging, { settled, conflicts, meaning }), conflicts };
}

/** Tasks merged beside this one that touch the path. */
async function namesAt({ sequence, beside }: Merging, path: string): Promise<string[]> {
  const touched = await touching(sequence.repository, beside, path);
  return [...new Set(touched.map((found) => found.task_id))];
}

/** Checks of this task, and of those beside it that touch one of the paths. */
async function checksAt({ sequence, accepted, beside }: Merging, paths: string[]): Promise<string[]> {
  const touched = await Promise.all(paths.map((path) => touching(sequence.repository, beside, path)));
  const names = new Set(touched.flat().map(({ task_id }) => task_id));
  const others = beside.filter((one) => names.has(one.accepted.task.id)).map((one) => one.accepted.task);
  return [accepted.task, ...others].flatMap(({ checks }) => checks);
}

async function meaningOf(merging: Merging, settled: SettledPaths): Promise<{ open: Conflict[]; note?: string }> {
  const { sequence, accepted, ...rest } = merging;
  const nothing = settled.lost?.side === "theirs" || sequence.run.settings.merge.semantic === "off";
  if (nothing) return { open: [] };
  const request = { ...rest, settled, taskId: accepted.task.id };
  return settleMeaning(sequence, { ...request, decisionFor: (conflict) => answerTo(merging, conflict) });
}

async function stepOf(
  merging: Merging,
  {
    settled,
    conflicts,
    meaning,
  }: { settled: SettledPaths; conflicts: Conflict[]; meaning: { open: Conflict[]; note?: string } },
): Promise<MergeStep> {
  const { sequence, accepted, sides, overlap } = merging;
  const held = meaning.open.length > 0 || (conflicts.length > 0 && STRATEGY_RULES[sequence.strategy].holdsTask);
  const lost = held ? undefined : settled.lost;
  const replaced = lost?.side === "ours" ? await loseTasks(merging, settled, lost.paths) : [];
  const open = new Set(conflicts.map((conflict) => conflict.path));
  return {
    task_id: accepted.task.id,
    source: accepted.source,
    outcome: held ? "held" : outcomeOf(overlap.theirs.length, settled),
    commit: held ? sides.tip : await land(merging, settled),
    settled: overlap.paths.filter((path) => !open.has(path)).length,
    merged: held || lost?.side === "theirs" ? [] : settled.merged,
    dropped: held ? [] : await droppedOf(merging, settled, replaced),
    conflicts: conflicts.map((conflict) => conflict.conflict_id),
    replaced: replaced.map(({ accepted: { task } }) => task.id),
    ...(meaning.note === undefined ? {} : { note: meaning.note }),
  };
}

function outcomeOf(changed: number, settled: SettledPaths): MergeStep["outcome"] {
  if (changed === 0) return "empty";
  if (settled.lost?.side === "theirs") return "dropped";
  const missing = settled.waiting.length > 0 || settled.dropped.some((drop) => drop.side === "theirs");
  return missing ? "partial" : "merged";
}

async function land({ sequence, accepted, sides }: Merging, settled: SettledPaths): Promise<string> {
  if (settled.lost?.side === "theirs") return sides.tip;
  const tree = await sequence.repository.withEntries(await sequence.repository.treeOf(sides.tip), settled.entries);
  return commitTask(sequence.repository, { run: sequence.run, ...accepted }, { tip: sides.tip, tree });
}

/** The earlier tasks that lose as a whole: all they changed goes back to what this task started from. */
async function loseTasks({ sequence, overlap, sides, beside }: Merging, settled: SettledPaths, paths: string[]) {
  const found = await Promise.all(paths.map((path) => touching(sequence.repository, beside, path)));
  const names = new Set(found.flat().map((touched) => touched.task_id));
  const losers = beside.filter(({ accepted }) => names.has(accepted.task.id));
  const before = await sequence.repository.files(sides.base);
  const own = new Set(overlap.theirs.map((change) => change.path));
  for (const { accepted } of losers) {
    for (const { path } of await sequence.repository.changes(accepted.base, accepted.source)) {
      if (!own.has(path)) settled.entries.set(path, before.get(path));
    }
  }
  return losers;
}

async function droppedOf(
  merging: Merging,
  settled: SettledPaths,
  replaced: MergedTask[],
): Promise<MergeStep["dropped"]> {
  const { sequence, accepted, overlap, beside } = merging;
  const task_id = accepted.task.id;
  const dropped: MergeStep["dropped"] = [];
  for (const { path, side, decision } of settled.dropped) {
    const lost = side === "theirs" ? [{ task_id, path }] : await touching(sequence.repository, beside, path);
    for (const change of lost) dropped.push({ ...change, decision });
  }
  const { lost } = settled;
  if (lost?.side === "theirs") return overlap.theirs.map(({ path }) => ({ task_id, path, decision: lost.decision }));
  for (const loser of lost === undefined ? [] : replaced) {
    const { base, source, task } = loser.accepted;
    for (const { path } of await sequence.repository.changes(base, source)) {
      dropped.push({ task_id: task.id, path, decision: lost?.decision ?? "" });
    }
  }
  return dropped;
}

/** A person's answer in this run, else one of an earlier run about the very same versions. */
async function decisionFor(merging: Merging, contested: ContestedPath): Promise<Decision | undefined> {
  const sides = sidesOf(contested);
  const own = ownDecision(merging, contested.path);
  if (own?.sides === sides || !isRemembered(merging, sides)) return own;
  return answerTo(merging, await conflictOf(merging.sequence.repository, contested, [merging.accepted.task.id]));
}

async function answerTo(merging: Merging, conflict: Conflict): Promise<Decision | undefined> {
  const { sequence, accepted } = merging;
  const sides = sidesAsked(conflict);
  const own = ownDecision(merging, conflict.conflict_id.slice(accepted.task.id.length + 1));
  const past = isRemembered(merging, sides)
    ? sequence.remembered.find((decision) => decision.sides === sides)
    : undefined;
  if (own?.sides === sides || past === undefined) return own;
  const { choice, content, decided_at, remembered_from } = past;
  const again = await decide(conflict, { choice, content, at: decided_at }, sequence.repository);
  return again.ok && remembered_from !== undefined ? { ...again.value, remembered_from } : own;
}

function ownDecision({ sequence, accepted }: Merging, place: string): Decision | undefined {
  return sequence.decisions.find((decision) => decision.conflict_id === `${accepted.task.id}:${place}`);
}

function isRemembered({ sequence }: Merging, sides: string): boolean {
  return sequence.run.settings.merge.remember && sequence.remembered.some((decision) => decision.sides === sides);
}
