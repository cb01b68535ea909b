/** A repository's code index from the build, for measuring: with the cache folder given, or none. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderCodeCache } from "../../build/adapters/code-cache/folder-code-cache.js";
import { openRepository } from "../../build/adapters/git/repository/git-repository.js";
import { locateRepository } from "../../build/adapters/git/repository/repository-location.js";
import { languageAnalyser } from "../../build/adapters/language-analyser/language-analyser.js";
import { importEdges, loadWithTargets } from "../../build/core/code/code-graph.js";
import { CodeIndex } from "../../build/core/code/code-index.js";
import { referencesOf } from "../../build/core/code/references.js";

const NO_CACHE = {
  facts: async () => new Map(),
  keepFacts: async () => {},
  text: async () => undefined,
  keepText: async () => {},
};

export async function openCode(folder, revision = "HEAD", cacheFolder = undefined) {
  const located = await locateRepository(folder);
  if (!located.ok) throw new Error(located.error.message);
  const engine = mkdtempSync(join(tmpdir(), "forkjoin-bench-"));
  const repository = await openRepository(located.value, join(engine, "engine.git"));
  const analyser = languageAnalyser();
  const cache = cacheFolder === undefined ? NO_CACHE : folderCodeCache(cacheFolder, analyser.version);
  const commit = await repository.resolve(revision);
  if (!commit.ok) throw new Error(commit.error.message);
  const sources = { repository, analyser, cache };
  const index = await CodeIndex.open(sources, commit.value);
  const close = () => rmSync(engine, { recursive: true, force: true });
  return { index, sources, commit: commit.value, importEdges, loadWithTargets, referencesOf, close };
}
