/** Many blobs in few processes: their sizes first, then the contents in portions, so that memory stays bounded. */
import type { BlobContent } from "../../../core/ports/repository.ts";
import { type GitPlace, runGit } from "../git.ts";

const PORTION_BYTES = 4_000_000;
const NEWLINE = 10;

export async function readBlobs(
  place: GitPlace,
  { ids, limit }: { ids: string[]; limit: number },
  take: (portion: Map<string, BlobContent>) => Promise<void>,
): Promise<void> {
  if (ids.length === 0) return;
  const refused = new Map<string, BlobContent>();
  const readable: { id: string; size: number }[] = [];
  for (const { id, size } of await sizesOf(place, ids)) {
    if (size === undefined) refused.set(id, { missing: true });
    else if (size > limit) refused.set(id, { too_large: size });
    else readable.push({ id, size });
  }
  if (refused.size > 0) await take(refused);
  for (const portion of portionsOf(readable)) await take(await contentsOf(place, portion));
}

async function sizesOf(place: GitPlace, ids: string[]): Promise<{ id: string; size: number | undefined }[]> {
  const { stdout } = await runGit(place, ["cat-file", "--batch-check"], { input: `${ids.join("\n")}\n` });
  const lines = stdout.toString("latin1").split("\n");
  return ids.map((id, index) => {
    const [, type, size] = (lines[index] ?? "").split(" ");
    return { id, size: type === "blob" ? Number(size) : undefined };
  });
}

function portionsOf(readable: { id: string; size: number }[]): string[][] {
  const portions: string[][] = [];
  let bytes = PORTION_BYTES;
  for (const { id, size } of readable) {
    if (bytes + size > PORTION_BYTES) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(id);
    bytes += size;
  }
  return portions;
}

/** Git stops at a blob it cannot unpack: that one is missing like one that is not there, and the rest is asked for again. */
async function contentsOf(place: GitPlace, ids: string[]): Promise<Map<string, BlobContent>> {
  const found = new Map<string, BlobContent>();
  for (let at = 0; at < ids.length; at += 1) {
    const { stdout } = await runGit(place, ["cat-file", "--batch"], {
      input: `${ids.slice(at).join("\n")}\n`,
      accept: [128],
    });
    for (const content of answersIn(stdout)) found.set(ids[at++] ?? "", content);
    if (at < ids.length) found.set(ids[at] ?? "", { missing: true });
  }
  return found;
}

/** `<id> blob <size> LF <content> LF` for each, `<id> missing LF` for what is not there; an answer that was cut off is none. */
function answersIn(stdout: Buffer): BlobContent[] {
  const found: BlobContent[] = [];
  for (let at = 0; at < stdout.length; ) {
    const start = stdout.indexOf(NEWLINE, at) + 1;
    const [, type, length = "0"] = stdout.subarray(at, start).toString("latin1").trimEnd().split(" ");
    const end = type === "blob" ? start + Number(length) : start - 1;
    if (start === 0 || end >= stdout.length) break;
    found.push(type === "blob" ? { content: stdout.subarray(start, end) } : { missing: true });
    at = end + 1;
  }
  return found;
}
