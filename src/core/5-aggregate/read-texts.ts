/** Phase 5.2 — file contents as text only where that loses nothing: what is not UTF-8 stays bytes and is never taken apart. */
import type { RepositoryReader, TreeEntry } from "../ports/repository.ts";

const MAX_BYTES = 20_000_000;

/** Texts in the order of `entries`; undefined for what is absent, too large, binary or not UTF-8. */
export async function textsOf(
  repository: RepositoryReader,
  entries: (TreeEntry | undefined)[],
): Promise<(string | undefined)[]> {
  const texts = new Map<string, string | undefined>();
  const ids = [...new Set(entries.flatMap((entry) => entry?.blob ?? []))];
  await repository.blobs(ids, MAX_BYTES, async (portion) => {
    for (const [id, found] of portion) texts.set(id, "content" in found ? decoded(found.content) : undefined);
  });
  return entries.map((entry) => (entry === undefined ? undefined : texts.get(entry.blob)));
}

function decoded(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
