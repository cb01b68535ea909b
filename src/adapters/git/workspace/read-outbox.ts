/** Reads what an agent handed back besides files: its text is data, and no link can make it a file of somebody else. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { OUTBOX, type WorkspaceFolders } from "./workspace-folders.ts";

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);

/** The start of the file, or undefined where there is no regular file of that very place; opens without blocking on a pipe. */
export function readOutbox(folders: WorkspaceFolders, name: string, maxBytes: number): string | undefined {
  try {
    using outbox = folders.part(OUTBOX);
    const descriptor = openSync(`${outbox.path}/${name}`, OPEN);
    try {
      if (!fstatSync(descriptor).isFile()) return undefined;
      const buffer = Buffer.alloc(maxBytes);
      const count = readSync(descriptor, buffer, 0, maxBytes, 0);
      return new TextDecoder("utf-8").decode(buffer.subarray(0, count));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
