/** Phase 2.2 — reads the code behind the tasks' scopes, and no more of the repository than that needs; fails never, it only knows less. */

import { exactPaths } from "../boundary/scope.ts";
import { loadWithTargets } from "../code/code-graph.ts";
import { CodeIndex } from "../code/code-index.ts";
import { commitHistory } from "../code/commit-history.ts";
import type { CodeSources } from "../code/fact-reader.ts";
import type { Edge } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";
import { coChanges } from "./co-change.ts";
import { codeLinks } from "./code-links.ts";
import { type Evidence, NO_EVIDENCE } from "./evidence.ts";
import { knowledgeLinks } from "./knowledge-links.ts";
import { suggestPartition } from "./suggest-partition.ts";
import { type TaskFiles, taskFiles } from "./task-files.ts";
import { unreadFiles } from "./unread-files.ts";

/** Larger scopes are not read: planning must not take minutes. */
const MOST_FILES = 40_000;

export interface EvidenceSources extends CodeSources {
  commit: string;
}

/** Evidence for dependencies; any error leaves what the declared scopes alone say, and a note about it in `coverage`. */
export async function gatherEvidence(tasks: Task[], sources: EvidenceSources): Promise<Evidence> {
  try {
    return await gather(tasks, sources);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...NO_EVIDENCE, coverage: { "*": `file (the code could not be analysed: ${oneLine(why)})` } };
  }
}

async function gather(tasks: Task[], sources: EvidenceSources): Promise<Evidence> {
  const planned = tasks.flatMap((task) => exactPaths(task.files));
  const index = await CodeIndex.open(sources, sources.commit, planned);
  const paths = [...index.files.paths].sort();
  const known = tasks.map((task) => taskFiles(task, paths));
  const scope = [...new Set(known.flatMap((one) => [...one.scope.keys()]))].sort();
  if (scope.length > MOST_FILES) {
    const said = `file (the scopes hold ${scope.length} files, at most ${MOST_FILES} are read)`;
    return { ...NO_EVIDENCE, coverage: { "*": said } };
  }
  await loadWithTargets(scope, index);
  const edges = codeLinks(known, index);
  const knowledge = await knowledgeLinks(known, index);
  const history = await notesFromHistory(known, edges, sources);
  return {
    edges: [...edges, ...knowledge.edges, ...history],
    coverage: coverageOf(scope, index, sources),
    unread: [...unreadFiles(tasks, scope, index), ...knowledge.unread],
    suggestions: suggestPartition(known, index),
  };
}

/** Notes for pairs that nothing stronger connects. */
async function notesFromHistory(tasks: TaskFiles[], edges: Edge[], sources: EvidenceSources): Promise<Edge[]> {
  if (tasks.length < 2) return [];
  const commits = await commitHistory(sources, sources.commit);
  const linked = new Set(edges.flatMap(({ from, to }) => [`${from}\n${to}`, `${to}\n${from}`]));
  return coChanges(tasks, commits).filter(({ from, to }) => !linked.has(`${from}\n${to}`));
}

/** How deep each language of the scopes was read; files of no known language are `*`. */
function coverageOf(scope: string[], index: CodeIndex, { analyser }: EvidenceSources): Record<string, string> {
  const depths = new Map<string, string>();
  for (const path of scope) {
    const known = analyser.languageOf(path);
    if (known !== undefined && depths.get(known.language) !== "symbol") {
      depths.set(known.language, index.factsOf(path)?.depth ?? known.depth);
    }
  }
  return Object.fromEntries([...[...depths].sort(([a], [b]) => (a < b ? -1 : 1)), ["*", "file"]]);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}
