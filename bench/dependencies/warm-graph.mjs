/**
 * How long the whole import graph of a repository takes when all but one file are known, in this process from its start.
 * node warm.mjs REPOSITORY CACHE REVISION [REVISION…]: with several revisions, each after the first in the running process.
 */
const start = performance.now();
const { openCode } = await import("./open-code.mjs");
const { CodeIndex } = await import("../../build/core/code/code-index.js");

const [, , repository, cache, first, ...later] = process.argv;
const opened = await openCode(repository, first, cache);
const graph = async (index) => {
  const files = index.codeFiles();
  await index.load(files);
  return { files: files.length, edges: opened.importEdges(files, index).length };
};
const laps = [{ revision: first, ...(await graph(opened.index)), ms: Math.round(performance.now() - start) }];
for (const revision of later) {
  const begin = performance.now();
  const commit = await opened.sources.repository.resolve(revision);
  const index = await CodeIndex.open(opened.sources, commit.value);
  laps.push({ revision, ...(await graph(index)), ms: Math.round(performance.now() - begin) });
}
opened.close();
process.stdout.write(
  `${JSON.stringify({ laps, cpu_s: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 })}\n`,
);
