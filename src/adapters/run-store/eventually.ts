/** A write that gives something back, and must not be lost because the file could not be written at that moment. */
import { StorageError } from "./storage-error.ts";

const AGAIN_MS = 2_000;

/** Does `write` now or, while the file cannot be written, as soon as it can; ends with the process or when `isClosed`. */
export function eventually(write: () => void, isClosed: () => boolean): void {
  if (isDone(write)) return;
  const timer = setInterval(() => {
    if (isClosed() || isDone(write)) clearInterval(timer);
  }, AGAIN_MS);
  timer.unref();
}

function isDone(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}
