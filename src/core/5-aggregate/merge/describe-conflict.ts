/** Phase 5.2 — a conflict as a person sees it: both versions and the base, who made them, why they clash, and a proposal. */
import type { Conflict, Version } from "../../model/conflict.ts";
import type { RepositoryReader, TreeEntry } from "../../ports/repository.ts";
import type { Finding } from "../semantic/finding.ts";
import type { ContestedPath } from "./contested-path.ts";

const SHOWN_BYTES = 65_536;

/** The id names the waiting task and the path: it stays the same until the conflict is decided. */
export async function conflictOf(
  repository: RepositoryReader,
  contested: ContestedPath,
  tasks: string[],
): Promise<Conflict> {
  const { path, why, proposal, candidates = [], symbol, line, other } = contested;
  return {
    conflict_id: `${tasks.at(-1)}:${path}`,
    kind: other === undefined ? "textual" : "semantic",
    path,
    tasks,
    ours: await versionOf(repository, contested.ours),
    theirs: await versionOf(repository, contested.theirs),
    base: await versionOf(repository, contested.base),
    why,
    ...(proposal === undefined || proposal.length > SHOWN_BYTES ? {} : { proposal }),
    ...(candidates.length === 0 ? {} : { candidates }),
    ...(other === undefined ? {} : { symbol, line, other, confidence: CERTAIN }),
  };
}

/** Both definitions were seen in one file. */
const CERTAIN = 0.95;

/** A semantic conflict has the symbol in its id: one file may have several. */
export async function semanticConflictOf(
  repository: RepositoryReader,
  finding: Finding,
  { tasks, versions }: { tasks: string[]; versions: Pick<ContestedPath, "base" | "ours" | "theirs"> },
): Promise<Conflict> {
  const { path, why, symbol, line, confidence, other, proposal } = finding;
  return {
    conflict_id: `${tasks.at(-1)}:${path}#${symbol}`,
    kind: "semantic",
    path,
    tasks,
    ours: await versionOf(repository, versions.ours),
    theirs: await versionOf(repository, versions.theirs),
    base: await versionOf(repository, versions.base),
    why,
    symbol,
    line,
    confidence,
    other,
    ...(proposal === undefined || proposal.length > SHOWN_BYTES ? {} : { proposal }),
  };
}

async function versionOf(repository: RepositoryReader, entry: TreeEntry | undefined): Promise<Version> {
  if (entry === undefined) return { state: "absent" };
  if (entry.mode === "160000") return { state: "binary", ...entry };
  const content = await repository.text(entry.blob, SHOWN_BYTES);
  if ("text" in content) return { state: "text", ...entry, content: content.text };
  return { state: "binary" in content ? "binary" : "too_large", ...entry };
}
