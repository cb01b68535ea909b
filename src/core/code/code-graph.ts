/** File to file: which imports lead where, over any set of files; what the graph output, communities and benchmarks are made from. */
import type { ImportKind } from "../model/code-facts.ts";
import type { CodeIndex } from "./code-index.ts";
import { matesOf } from "./package-mates.ts";

export interface ImportEdge {
  from: string;
  to: string;
  kind: ImportKind;
  line: number;
}

const MAX_ROUNDS = 30;

/** Edges of `paths`, which must be loaded: one per pair of files, the earliest import first; sorted by file and line. */
export function importEdges(paths: string[], index: CodeIndex): ImportEdge[] {
  return paths.flatMap((from) => {
    const found = new Map<string, ImportEdge>();
    for (const fact of index.factsOf(from)?.imports ?? []) {
      for (const { path: to } of index.targets(from, fact)) {
        const known = found.get(to);
        if (to === from || (known !== undefined && (known.kind !== "type" || fact.kind === "type"))) continue;
        found.set(to, { from, to, kind: fact.kind, line: known?.line ?? fact.line });
      }
    }
    return [...found.values()].sort((a, b) => a.line - b.line || (a.to < b.to ? -1 : 1));
  });
}

/** Loads `paths`, what they import, and what is needed to follow re-exports from there. */
export async function loadWithTargets(paths: string[], index: CodeIndex): Promise<void> {
  await index.load(paths);
  const mates = paths.flatMap((path) => matesOf(path, index));
  const seen = new Set(paths);
  let frontier = fresh([...mates, ...targetsOf(paths, index, false)], seen);
  for (let round = 0; frontier.length > 0 && round < MAX_ROUNDS; round += 1) {
    await index.load(frontier);
    frontier = fresh(targetsOf(frontier, index, true), seen);
  }
}

function targetsOf(paths: string[], index: CodeIndex, onlyHandedOn: boolean): string[] {
  return paths.flatMap((path) => {
    const facts = index.factsOf(path);
    const exported = new Set(facts?.exports.map((entry) => entry.local));
    const all = !onlyHandedOn || facts?.language === "python";
    const wanted = facts?.imports.filter(
      (fact) => all || fact.kind === "reexport" || fact.names.some((name) => exported.has(name.as)),
    );
    return (wanted ?? []).flatMap((fact) => index.targets(path, fact).map((target) => target.path));
  });
}

function fresh(paths: string[], seen: Set<string>): string[] {
  const found = [...new Set(paths)].filter((path) => !seen.has(path));
  for (const path of found) seen.add(path);
  return found;
}
