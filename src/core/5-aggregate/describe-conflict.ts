/** Phase 5.2 — a conflict as a person sees it: both versions and the base, who made them, and why they clash. */
import type { Conflict, Version } from "../model/conflict.ts";
import type { RepositoryReader, TreeEntry } from "../ports/repository.ts";
import type { ContestedPath } from "./merge-paths.ts";

const SHOWN_BYTES = 65_536;

/** The id names the waiting task and the path: it stays the same until the conflict is decided. */
export async function conflictOf(
  repository: RepositoryReader,
  contested: ContestedPath,
  tasks: string[],
): Promise<Conflict> {
  return {
    conflict_id: `${tasks.at(-1)}:${contested.path}`,
    kind: "textual",
    path: contested.path,
    tasks,
    ours: await versionOf(repository, contested.ours),
    theirs: await versionOf(repository, contested.theirs),
    base: await versionOf(repository, contested.base),
    why: contested.why,
  };
}

async function versionOf(repository: RepositoryReader, entry: TreeEntry | undefined): Promise<Version> {
  if (entry === undefined) return { state: "absent" };
  const content = await repository.text(entry.blob, SHOWN_BYTES);
  if ("text" in content) return { state: "text", ...entry, content: content.text };
  return { state: "binary" in content ? "binary" : "too_large", ...entry };
}
