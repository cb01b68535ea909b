/** Phase 5.2 — two changes with no file, folder or move in common: there is nothing to merge, and no need to ask git. */
import type { TreeChange } from "../../ports/repository.ts";
import type { Overlap } from "../find-overlap.ts";

/** False also where one side adds a file to a folder from which the other took one away: git may see a moved folder there. */
export function isApart({ theirs, ours, paths }: Overlap): boolean {
  if (paths.length > 0) return false;
  const earlier = [...ours.values()];
  return !meetsMove(theirs, earlier) && !meetsMove(earlier, theirs);
}

function meetsMove(adding: TreeChange[], removing: TreeChange[]): boolean {
  const left = new Set(removing.filter((change) => change.after === undefined).flatMap(({ path }) => foldersOf(path)));
  const added = adding.filter((change) => change.before === undefined);
  return added.some(({ path }) => foldersOf(path).some((folder) => left.has(folder)));
}

/** Every folder above the path; the top one is the empty name. */
function foldersOf(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return ["", ...segments.map((_, index) => segments.slice(0, index + 1).join("/"))];
}
