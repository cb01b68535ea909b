/** Survey of the base commit for phase 1: its files, how large they are, how often they change, and which import which. */
import { importEdges, loadWithTargets } from "../../code/code-graph.ts";
import { CodeIndex } from "../../code/code-index.ts";
import { commitHistory } from "../../code/commit-history.ts";
import type { CodeSources } from "../../code/fact-reader.ts";
import type { FileFigures } from "./estimate-files.ts";
import type { Selectable } from "./select-files.ts";

/** Larger repositories are not read for their imports: a proposal must not take minutes. */
const MOST_READ = 20_000;
const COUNTED_BYTES = 1_000_000;

export interface BaseSurvey extends Selectable {
  figures(files: string[]): Promise<FileFigures>;
  /** imports among `files`, each pair once; none when there are too many to read */
  imports(files: string[]): Promise<{ from: string; to: string }[]>;
  /** a file's text; undefined when it is not there, binary or large */
  text(path: string): Promise<string | undefined>;
  /** paths that the recent commits changed together */
  history(): Promise<string[][]>;
}

export async function surveyBase(sources: CodeSources, commit: string): Promise<BaseSurvey> {
  const entries = await sources.repository.files(commit);
  const files = [...entries].filter(([, { mode }]) => mode.startsWith("100"));
  const blobs = new Map(files.map(([path, { blob }]) => [path, blob]));
  const history = (): Promise<string[][]> => commitHistory(sources, commit);
  return {
    paths: [...blobs.keys()].sort(),
    isSource: (path) => sources.analyser.languageOf(path) !== undefined,
    history,
    async text(path) {
      const blob = blobs.get(path);
      const found = blob === undefined ? undefined : await sources.repository.text(blob, COUNTED_BYTES);
      return found !== undefined && "text" in found ? found.text : undefined;
    },
    figures: async (wanted) => ({
      sizes: await sizesOf(wanted, blobs, sources),
      changes: countChanges(await history()),
    }),
    async imports(wanted) {
      if (wanted.length > MOST_READ) return [];
      const index = await CodeIndex.open(sources, commit);
      await loadWithTargets(wanted, index);
      const inside = new Set(wanted);
      return importEdges(wanted, index).filter(({ to }) => inside.has(to));
    },
  };
}

async function sizesOf(
  wanted: string[],
  blobs: Map<string, string>,
  { repository }: CodeSources,
): Promise<Map<string, number>> {
  const byBlob = new Map<string, number>();
  const ids = [...new Set(wanted.flatMap((path) => blobs.get(path) ?? []))];
  await repository.blobs(ids, COUNTED_BYTES, async (portion) => {
    for (const [blob, found] of portion) {
      if ("content" in found) byBlob.set(blob, found.content.byteLength);
      else if ("too_large" in found) byBlob.set(blob, found.too_large);
    }
  });
  return new Map(
    wanted.flatMap((path) => {
      const size = byBlob.get(blobs.get(path) ?? "");
      return size === undefined ? [] : [[path, size] as const];
    }),
  );
}

function countChanges(history: string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const commit of history) for (const path of commit) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}
