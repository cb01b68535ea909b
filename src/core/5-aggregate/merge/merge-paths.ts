/** Phase 5.2 — what merges by itself of two changes, and which paths do not: those are contested. */
import type { SemanticPlace } from "../../model/conflict.ts";
import type { MergeMethod } from "../../model/merge-method.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import type { Overlap } from "../find-overlap.ts";
import type { MergePorts } from "../merge-ports.ts";
import { isLockFile } from "../smart-merge/lock-files.ts";
import type { LowerVersion } from "../smart-merge/version-numbers.ts";
import {
  type ContestedPath,
  contestedPath,
  type MergedPaths,
  type MergeRequest,
  takeUncontested,
} from "./contested-path.ts";
import { type GateFailure, gate } from "./gate.ts";
import { isApart } from "./is-apart.ts";
import { type GitMerge, mergeByGit } from "./merge-by-git.ts";
import { mergeSmartly } from "./merge-smartly.ts";

/** Git first, then what is smarter on what is left; whatever was put together has to pass the gate. */
export async function mergePaths(ports: MergePorts, request: MergeRequest): Promise<MergedPaths> {
  const { overlap } = request;
  if (overlap.ours.size === 0 || isApart(overlap)) return takeUncontested({ ...overlap, paths: [] });
  const git = withLockFiles(await mergeByGit(ports, request), overlap);
  const blocked = new Set(git.contested.map((found) => found.path));
  const byGit = overlap.paths.filter((path) => !blocked.has(path));
  const result: MergedPaths = { entries: git.entries, contested: [], merged: [] };
  for (const path of byGit) await admit(ports, { path, by: ["git"], overlap, result });
  for (const found of await mergeSmartly(ports, { request, git })) {
    if (found.entry === undefined) result.contested.push(found.contested);
    else {
      result.entries.set(found.contested.path, found.entry);
      const { by, lower, contested } = found;
      await admit(ports, { path: contested.path, by, lower, overlap, result });
    }
  }
  result.contested.sort((a, b) => (a.path < b.path ? -1 : 1));
  result.merged.sort((a, b) => (a.path < b.path ? -1 : 1));
  return result;
}

/** Lines of a lock file that merge cleanly say nothing: both its versions are put together package by package. */
function withLockFiles(git: GitMerge, overlap: Overlap): GitMerge {
  const contested = new Set(git.contested.map(({ path }) => path));
  const locks = overlap.paths.filter(
    (path) => isLockFile(path) && !contested.has(path) && git.entries.get(path) !== undefined,
  );
  if (locks.length === 0) return git;
  const entries = new Map(git.entries);
  for (const path of locks) entries.delete(path);
  const why = "both tasks changed the lock file, and a package that one of them needs would be missing";
  return { ...git, entries, contested: [...git.contested, ...locks.map((path) => contestedPath(path, why, overlap))] };
}

interface Admission {
  path: string;
  by: MergeMethod[];
  lower?: LowerVersion[] | undefined;
  overlap: Overlap;
  result: MergedPaths;
}

/** A merged file that is not sound is no merge: its path is contested after all. */
async function admit(ports: MergePorts, { path, by, lower = [], overlap, result }: Admission): Promise<void> {
  const contested = contestedPath(path, "", overlap);
  const merged = result.entries.get(path);
  const problem = merged === undefined ? undefined : await gate(ports, { ...contested, merged });
  if (problem === undefined) {
    result.merged.push({ path, by, ...(lower.length === 0 ? {} : { lower }) });
    return;
  }
  result.entries.delete(path);
  result.contested.push(await refused(ports, { contested, problem, merged }));
}

async function refused(
  { repository }: MergePorts,
  { contested, problem, merged }: { contested: ContestedPath; problem: GateFailure; merged: TreeEntry | undefined },
): Promise<ContestedPath> {
  const text = merged === undefined ? undefined : await repository.text(merged.blob, MOST_PROPOSED);
  const proposal = text !== undefined && "text" in text ? { proposal: text.text } : {};
  const { why, twice } = problem;
  if (twice === undefined) return { ...contested, why, ...proposal };
  const other: SemanticPlace = { kind: "duplicate", path: contested.path, line: twice.first };
  return { ...contested, why, ...proposal, symbol: twice.symbol, line: twice.line, other };
}

const MOST_PROPOSED = 65_536;
