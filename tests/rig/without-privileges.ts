/** What an ordinary user may not do, also where the tests run as root: permissions count for this process meanwhile. */
import { chmodSync } from "node:fs";

const NOBODY = 65_534;

/** `folder`, made by the test, is opened on the way; what lies in it is looked at as somebody who owns none of it. */
export async function withoutPrivileges<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  chmodSync(folder, 0o755);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
