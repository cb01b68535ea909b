/** A survey of files that exist only by their names: for tests of what is made from it. */
import type { BaseSurvey } from "../../../../src/core/1-decompose/pattern/base-survey.ts";

export interface Surveyed {
  /** path → bytes */
  files: Record<string, number>;
  imports?: [from: string, to: string][];
  history?: string[][];
}

export function surveyOf({ files, imports = [], history = [] }: Surveyed): BaseSurvey {
  const paths = Object.keys(files).sort();
  return {
    paths,
    isSource: (path) => /\.(ts|js|py|go|rs|java)$/.test(path),
    text: async () => undefined,
    history: async () => history,
    imports: async (wanted) =>
      imports
        .map(([from, to]) => ({ from, to }))
        .filter(({ from, to }) => wanted.includes(from) && wanted.includes(to)),
    figures: async () => ({
      sizes: new Map(Object.entries(files)),
      changes: new Map(paths.map((path) => [path, history.filter((commit) => commit.includes(path)).length])),
    }),
  };
}

/** Many files of the same size. */
export function filesOf(paths: string[], bytes = 4_000): Record<string, number> {
  return Object.fromEntries(paths.map((path) => [path, bytes]));
}
