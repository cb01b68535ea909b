/** Phase 0: read a file without being surprised by it: not a regular file, too large, or gone while it is read. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

export type LimitedRead = { kind: "read"; bytes: Buffer } | { kind: "too_large" } | { kind: "no_file"; why: string };

/** Opens without blocking, so that a named pipe cannot hold the phase up; size and bytes come from one handle. */
export async function readLimited(path: string, maxBytes: number): Promise<LimitedRead> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return { kind: "no_file", why: "it is no regular file" };
      if (found.size > maxBytes) return { kind: "too_large" };
      return { kind: "read", bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { kind: "no_file", why: error instanceof Error ? error.message : String(error) };
  }
}
