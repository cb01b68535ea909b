/** Reads what an agent handed back besides files: its text is data, and no link can make it a file of somebody else. */
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The start of the file, or undefined where there is no regular file of that very place; opens without blocking on a pipe. */
export async function readOutbox(file: string, maxBytes: number): Promise<string | undefined> {
  const folder = dirname(file);
  try {
    const real = await realpath(folder);
    if (real !== join(await realpath(dirname(folder)), basename(folder))) return undefined;
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      if (!(await handle.stat()).isFile()) return undefined;
      const buffer = Buffer.alloc(maxBytes);
      const { bytesRead } = await handle.read(buffer, 0, maxBytes, 0);
      return new TextDecoder("utf-8").decode(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
