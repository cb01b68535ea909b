/** The files that recent commits changed together, remembered by commit (for phases 1 and 2). */
import type { CodeSources } from "./fact-reader.ts";

/** Newest commits looked at. */
const COMMITS = 1_000;

/** Paths of each commit that changed more than one, newest first; nothing where history cannot be read. */
export async function commitHistory({ repository, cache }: CodeSources, commit: string): Promise<string[][]> {
  const name = `history ${commit} ${COMMITS}`;
  const kept = await cache.text(name);
  if (kept !== undefined) return kept.split("\n").map((line) => line.split("\0"));
  const commits = await repository.history(commit, COMMITS).catch(() => []);
  const plain = commits.filter((files) => files.length > 1 && files.every((path) => !path.includes("\n")));
  await cache.keepText(name, plain.map((files) => files.join("\0")).join("\n"));
  return plain;
}
