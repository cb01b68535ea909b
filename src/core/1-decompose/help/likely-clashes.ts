/** Phase 1.1 — where tasks would get into each other's way: files that everyone changes or imports, modules that change together. */
import type { DecompositionHelp, HotFile } from "../../model/decomposition-help.ts";
import { moduleFolders } from "../pattern/module-folders.ts";
import { type Looked, nameOf, ownersOf } from "./describe-modules.ts";

const MOST_HOT = 10;
const OFTEN = 5;
const MANY_IMPORTERS = 5;
const MOST_CLASHES = 10;
const TOGETHER = 5;
const SWEEPING = 30;

/** Files that are changed or imported far more often than others. */
export function hotFiles({ files, edges }: Looked, history: string[][]): HotFile[] {
  const wanted = new Set(files);
  const commits = count(history.flat().filter((path) => wanted.has(path)));
  const importers = count(edges.map((edge) => edge.to));
  return files
    .map((path) => ({ path, commits: commits.get(path) ?? 0, imported_by: importers.get(path) ?? 0 }))
    .filter((file) => file.commits >= OFTEN || file.imported_by >= MANY_IMPORTERS)
    .sort((a, b) => b.commits + b.imported_by - a.commits - a.imported_by || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_HOT)
    .map((file) => ({ ...file, why: whyHot(file) }));
}

function whyHot({ commits, imported_by }: Omit<HotFile, "why">): string {
  const parts = [
    ...(commits >= OFTEN ? [`changed in ${commits} of the recent commits`] : []),
    ...(imported_by >= MANY_IMPORTERS ? [`imported by ${imported_by} files`] : []),
  ];
  return `${parts.join(", ")}: give it to one task, and let the others depend on that`;
}

/** Pairs of modules that recent commits changed together, the closest first. */
export function likelyClashes({ base, files }: Looked, history: string[][]): DecompositionHelp["clashes"] {
  const owner = ownersOf(moduleFolders(files, base.paths));
  const pairs = count(
    history.filter((commit) => commit.length <= SWEEPING).flatMap((commit) => pairsIn(commit, owner)),
  );
  return [...pairs]
    .filter(([, times]) => times >= TOGETHER)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_CLASHES)
    .map(([pair, times]) => ({
      scopes: pair.split("\n").map((folder) => nameOf(folder)),
      why: `${times} recent commits changed both: a change to one tends to need the other`,
    }));
}

function pairsIn(commit: string[], owner: Map<string, string>): string[] {
  const modules = [...new Set(commit.flatMap((path) => owner.get(path) ?? []))].sort();
  return modules.flatMap((one, index) => modules.slice(index + 1).map((other) => `${one}\n${other}`));
}

function count(names: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
