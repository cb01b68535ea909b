/** Phase 1.1 — the modules of a repository, how much work each is, and how they hang together. */
import type { ModuleSummary } from "../../model/decomposition-help.ts";
import type { BaseSurvey } from "../pattern/base-survey.ts";
import { countBelow, coverScopes } from "../pattern/cover-scopes.ts";
import type { SizeLimit } from "../pattern/cut-to-size.ts";
import { moduleFolders } from "../pattern/module-folders.ts";

const MOST_MODULES = 30;
const LARGE_MS = 4 * 3_600_000;
const MOST_USES = 5;
const MOST_SCOPES = 5;

export interface Looked {
  base: BaseSurvey;
  files: string[];
  edges: { from: string; to: string }[];
  ms: SizeLimit["ms"];
}

/** The largest modules, most work first. */
export function describeModules({ base, files, edges, ms }: Looked): ModuleSummary[] {
  const modules = finerModules(files, { base, ms });
  const owner = ownersOf(modules);
  const tracked = countBelow(base.paths);
  const all = [...modules].map(([folder, own]) => ({
    module: nameOf(folder),
    scope: coverScopes(own, tracked).slice(0, MOST_SCOPES),
    files: own.length,
    minutes: Math.ceil(own.reduce((sum, path) => sum + ms(path), 0) / 60_000),
    uses: usesOf(folder, edges, owner),
  }));
  return all.sort((a, b) => b.minutes - a.minutes || (a.module < b.module ? -1 : 1)).slice(0, MOST_MODULES);
}

/** Modules of more than an afternoon are shown by their own folders, as long as there are not too many. */
function finerModules(files: string[], { base, ms }: Pick<Looked, "base" | "ms">): Map<string, string[]> {
  const modules = moduleFolders(files, base.paths);
  const work = (own: string[]): number => own.reduce((sum, path) => sum + ms(path), 0);
  const settled = new Set<string>();
  for (;;) {
    const [largest] = [...modules]
      .filter(([folder, own]) => !settled.has(folder) && work(own) > LARGE_MS)
      .sort(([, a], [, b]) => work(b) - work(a));
    if (largest === undefined) return modules;
    const [folder, own] = largest;
    const finer = moduleFolders(own, base.paths);
    settled.add(folder);
    if (finer.size < 2 || modules.size + finer.size > MOST_MODULES) continue;
    modules.delete(folder);
    for (const [name, part] of finer) modules.set(name, part);
  }
}

/** file → the module it lies in. */
export function ownersOf(modules: Map<string, string[]>): Map<string, string> {
  return new Map([...modules].flatMap(([folder, own]) => own.map((path) => [path, folder] as const)));
}

export function nameOf(folder: string): string {
  return folder === "" ? "." : folder;
}

function usesOf(folder: string, edges: Looked["edges"], owner: Map<string, string>): ModuleSummary["uses"] {
  const counts = new Map<string, number>();
  for (const { from, to } of edges) {
    const other = owner.get(to);
    if (owner.get(from) !== folder || other === undefined || other === folder) continue;
    counts.set(other, (counts.get(other) ?? 0) + 1);
  }
  return [...counts]
    .map(([module, imports]) => ({ module: nameOf(module), imports }))
    .sort((a, b) => b.imports - a.imports || (a.module < b.module ? -1 : 1))
    .slice(0, MOST_USES);
}
