/** Phase 5.2 — conflicts of meaning between a task and what was integrated beside it, from what their changes say; no test is run. */

import type { CodeSources } from "../../code/fact-reader.ts";
import type { TreeChange } from "../../ports/repository.ts";
import type { MergeSides, Overlap } from "../find-overlap.ts";
import { brokenMembers } from "./broken-members.ts";
import { brokenUses } from "./broken-uses.ts";
import { clashingPaths, type Sides } from "./clashing-paths.ts";
import type { Finding } from "./finding.ts";
import { clashingMigrations } from "./migration-parents.ts";
import { sameMigrations } from "./same-migrations.ts";
import { sameNames } from "./same-names.ts";
import { sameRoutes } from "./same-routes.ts";
import { Snapshot } from "./snapshot.ts";
import type { Trees } from "./trees.ts";

export interface SemanticRequest {
  sides: MergeSides;
  overlap: Overlap;
  /** the tree both give together */
  merged: string;
}

/** Sorted by path and line; each pair of places once. */
export async function findSemantic(sources: CodeSources, request: SemanticRequest): Promise<Finding[]> {
  const changes = { ours: [...request.overlap.ours.values()], theirs: request.overlap.theirs };
  const found = sameMigrations(addedPaths(changes.ours), addedPaths(changes.theirs));
  const numbered = new Set(found.map(({ path, other }) => `${path}\n${other.path}`));
  const clashing = await clashingMigrations(sources.repository, changes);
  found.push(...clashing.filter(({ path, other }) => !numbered.has(`${path}\n${other.path}`)));
  const code = await clashingPaths(sources, changes);
  if (code.ours.length > 0 && code.theirs.length > 0) found.push(...(await inCode(sources, request, code)));
  return once(found).sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

async function inCode(
  sources: CodeSources,
  { sides, merged: tree }: SemanticRequest,
  code: Sides<string[]>,
): Promise<Finding[]> {
  const all = [...new Set([...code.ours, ...code.theirs])].sort();
  const [base, ours, theirs, merged] = [
    await Snapshot.open(sources, sides.base, all),
    await Snapshot.open(sources, sides.tip, all),
    await Snapshot.open(sources, sides.source, all),
    await Snapshot.open(sources, tree, all),
  ];
  const two = { base, ours: { snapshot: ours, paths: code.ours }, theirs: { snapshot: theirs, paths: code.theirs } };
  const directions: [Finding["side"], string[], string[], Trees][] = [
    ["theirs", code.theirs, code.ours, { base, user: theirs, merged }],
    ["ours", code.ours, code.theirs, { base, user: ours, merged }],
  ];
  const found: Finding[] = [];
  for (const [side, paths, changed, trees] of directions) {
    found.push(...(await brokenUses(paths, trees, side)));
    found.push(...(await brokenMembers({ paths, changed }, trees, side)));
  }
  return [...found, ...(await sameNames(two)), ...(await sameRoutes(two))];
}

function addedPaths(changes: TreeChange[]): string[] {
  return changes.flatMap(({ path, before, after }) => (before === undefined && after !== undefined ? [path] : []));
}

function once(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path, symbol, other }) => {
    const key = `${path}\n${symbol}\n${other.path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
