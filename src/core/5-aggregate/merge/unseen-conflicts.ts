/** Phase 5.2 — conflicts of git's own merge that no single path of the task shows: files moved by one side and deleted or moved by the other. */
import type { MergedTree } from "../../ports/repository.ts";
import { type Overlap, sameEntry } from "../find-overlap.ts";
import { type ContestedPath, contestedPath } from "./contested-path.ts";

type GitConflict = MergedTree["conflicts"][number];

interface Asked {
  overlap: Overlap;
  /** what is contested already */
  contested: ContestedPath[];
}

/** Paths that are contested besides, so that everything git calls a conflict is one: those of each such conflict at which the sides differ. */
export function unseenConflicts(conflicts: GitConflict[], { overlap, contested }: Asked): ContestedPath[] {
  const asked = new Set(contested.map(({ path }) => path));
  const moved = contested.some(({ ours, theirs }) => ours === undefined && theirs !== undefined);
  const found = new Map<string, ContestedPath>();
  for (const group of groupsOf(conflicts)) {
    const isAsked = group.some(({ path }) => isCovered(path, asked)) || (moved && isInMovedFile(group, overlap));
    if (isAsked) continue;
    for (const one of contestedIn(group, overlap)) if (!asked.has(one.path)) found.set(one.path, one);
  }
  return [...found.values()];
}

/** A file where the other side has a folder is asked about with what is in the folder; git names it as it would put it aside. */
function isCovered(path: string, asked: ReadonlySet<string>): boolean {
  const folder = `${path.replace(/~[^/]*$/, "")}/`;
  return asked.has(path) || [...asked].some((other) => other.startsWith(folder));
}

/** The paths that git names in one sentence. */
function groupsOf(conflicts: GitConflict[]): GitConflict[][] {
  const groups = new Map<string, GitConflict[]>();
  for (const conflict of conflicts) groups.set(conflict.why, [...(groups.get(conflict.why) ?? []), conflict]);
  return [...groups.values()];
}

/** Contents that clash in a file at its new place: the task's own path shows that as changed here and gone there. */
function isInMovedFile(group: GitConflict[], { theirs, ours }: Overlap): boolean {
  return group.every(({ path, why }) => {
    const isAdded = ours.get(path)?.before === undefined && ours.get(path)?.after !== undefined;
    return isAdded && why.startsWith("CONFLICT (content") && !theirs.some((change) => change.path === path);
  });
}

function contestedIn(group: GitConflict[], overlap: Overlap): ContestedPath[] {
  const why = group[0]?.why ?? "";
  const differing = (paths: string[]): ContestedPath[] =>
    paths.map((path) => contestedPath(path, why, overlap)).filter(({ ours, theirs }) => !sameEntry(ours, theirs));
  const named = differing(group.map(({ path }) => path));
  if (named.length > 0) return named;
  const changed = [...overlap.theirs.map(({ path }) => path), ...overlap.ours.keys()];
  const said = differing(changed.filter((path) => why.includes(path)));
  return said.length > 0 ? said : differing(overlap.theirs.map(({ path }) => path));
}
