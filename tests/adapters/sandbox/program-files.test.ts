/** The look-up of a program's files gives up nothing because a folder of PATH, or a path among its arguments, is closed to this user. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programFiles } from "../../../src/adapters/sandbox/program-files.ts";
import { withoutPrivileges } from "../../rig/without-privileges.ts";

test("a closed folder of PATH has no program, and what is behind it is not there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-programs-"));
  const [closed, open] = [join(folder, "closed"), join(folder, "open")];
  for (const bin of [closed, open]) {
    mkdirSync(bin);
    writeFileSync(join(bin, "tool"), "", { mode: 0o755 });
  }
  chmodSync(closed, 0);
  const before = process.env.PATH;
  process.env.PATH = `${closed}:${open}`;
  try {
    const found = await withoutPrivileges(folder, () => programFiles(["tool", join(closed, "tool")]));
    expect(found).toEqual([join(open, "tool")]);
  } finally {
    process.env.PATH = before;
    chmodSync(closed, 0o700);
    rmSync(folder, { recursive: true });
  }
});
