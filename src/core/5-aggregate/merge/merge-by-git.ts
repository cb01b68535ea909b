/** Phase 5.2 — the first step of every merge: git's own, in which a change follows a file that the other side moved. */
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergePorts } from "../merge-ports.ts";
import { type ContestedPath, contestedPath, type MergeRequest, takeUncontested } from "./contested-path.ts";
import { type GateFailure, gate } from "./gate.ts";
import { unseenConflicts } from "./unseen-conflicts.ts";

export interface GitMerge {
  /** what changes on top of the tip */
  entries: Map<string, TreeEntry | undefined>;
  contested: ContestedPath[];
}

/**
 * A conflict that is at no path of the task (in a moved file, or under a name git invents where a file meets a folder) cannot be put to
 * a person as two versions of one path: then the paths are merged one by one. So it is with a moved file that would not be sound.
 */
export async function mergeByGit(ports: MergePorts, request: MergeRequest): Promise<GitMerge> {
  const { sides, overlap } = request;
  const { repository } = ports;
  const merged = await repository.merge(sides.base, sides.tip, sides.source);
  const own = new Set(overlap.theirs.map((change) => change.path));
  if (!merged.conflicts.every((conflict) => own.has(conflict.path))) {
    const inPlace = await mergeInPlace(ports, request);
    const unseen = unseenConflicts(merged.conflicts, { overlap, contested: inPlace.contested });
    for (const { path } of unseen) inPlace.entries.delete(path);
    return { ...inPlace, contested: [...inPlace.contested, ...unseen] };
  }
  const blocked = new Set(merged.conflicts.map((conflict) => conflict.path));
  const changed = (await repository.changes(sides.tip, merged.tree)).filter((change) => !blocked.has(change.path));
  for (const { path, before, after } of changed) {
    if (own.has(path) || after === undefined || before === undefined) continue;
    const problem: GateFailure | undefined = await gate(ports, {
      path,
      base: undefined,
      ours: before,
      theirs: undefined,
      merged: after,
    });
    if (problem !== undefined) return mergeInPlace(ports, request);
  }
  return {
    entries: new Map(changed.map((change) => [change.path, change.after])),
    contested: merged.conflicts.map(({ path, why, whole }) => withWhole(contestedPath(path, why, overlap), whole)),
  };
}

function withWhole(contested: ContestedPath, whole: true | undefined): ContestedPath {
  return whole === undefined ? contested : { ...contested, whole };
}

/** Merges trees that hold nothing but the paths both sides changed, so that git sees no moves. */
async function mergeInPlace({ repository }: MergePorts, { sides, overlap }: MergeRequest): Promise<GitMerge> {
  const { entries, contested } = takeUncontested(overlap);
  const same = contested.filter(({ path }) => overlap.ours.has(path));
  const nested = contested.filter(({ path }) => !overlap.ours.has(path));
  const base = await repository.treeOf(sides.base);
  const ours = await repository.withEntries(base, new Map(same.map((found) => [found.path, found.ours])));
  const theirs = await repository.withEntries(base, new Map(same.map((found) => [found.path, found.theirs])));
  const merged = await repository.merge(base, ours, theirs);
  const why = new Map(merged.conflicts.map((conflict) => [conflict.path, conflict.why]));
  const whole = new Map(merged.conflicts.map((conflict) => [conflict.path, conflict.whole]));
  const result = await repository.files(merged.tree);
  for (const { path } of same) if (!why.has(path)) entries.set(path, result.get(path));
  return {
    entries,
    contested: [
      ...same
        .filter(({ path }) => why.has(path))
        .map((found) => withWhole({ ...found, why: why.get(found.path) ?? found.why }, whole.get(found.path))),
      ...nested.map((found) => ({ ...found, why: "one task has a file where the other has a folder" })),
    ],
  };
}
