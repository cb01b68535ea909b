/** Cuts a set of files into loosely coupled parts: those that import each other stay together (for phases 1 and 2). */
import { UndirectedGraph } from "graphology";
import louvainModule from "graphology-communities-louvain";
import { folderOf } from "./file-set.ts";

/** The package's types promise a `default` that its CommonJS does not have. */
const louvain: typeof louvainModule.default = Reflect.get(louvainModule, "default") ?? louvainModule;

const SAME_FOLDER = 0.2;
const SEED = 7;

/** Parts, largest first, each sorted; deterministic. `edges` between other files are ignored. */
export function communities(paths: string[], edges: { from: string; to: string }[]): string[][] {
  const graph = new UndirectedGraph();
  for (const path of [...paths].sort()) graph.addNode(path);
  for (const { from, to } of edges) if (graph.hasNode(from) && graph.hasNode(to)) addWeight(graph, [from, to], 1);
  for (const files of byFolder(paths)) {
    const [first] = files;
    for (const file of files.slice(1)) if (first !== undefined) addWeight(graph, [first, file], SAME_FOLDER);
  }
  const assigned = louvain(graph, { getEdgeWeight: "weight", rng: randomFrom(SEED) });
  const parts = new Map<number, string[]>();
  for (const path of graph.nodes()) {
    const part = assigned[path] ?? 0;
    parts.set(part, [...(parts.get(part) ?? []), path]);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length || ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

function addWeight(graph: UndirectedGraph, [from, to]: [string, string], weight: number): void {
  if (from === to) return;
  if (graph.hasEdge(from, to)) graph.updateEdgeAttribute(from, to, "weight", (known) => Number(known ?? 0) + weight);
  else graph.addEdge(from, to, { weight });
}

function byFolder(paths: string[]): string[][] {
  const folders = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const folder = folderOf(path);
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return [...folders.values()];
}

/** A small generator with a fixed seed: the same files give the same parts. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
