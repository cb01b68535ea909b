/** A folder that cannot hold workspaces is refused with its name, its fault and a cure; one that can is not. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { homeProblem } from "../../../src/adapters/git/workspace/home-problem.ts";
import { withoutPrivileges } from "../../rig/without-privileges.ts";

const IS_ROOT = process.getuid?.() === 0;
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "forkjoin-home-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder of one's own will do, again and again, and by a link", () => {
  expect([homeProblem(folder), homeProblem(folder)]).toEqual([undefined, undefined]);
  symlinkSync(folder, `${folder}-link`);
  expect(homeProblem(`${folder}-link`)).toBeUndefined();
  rmSync(`${folder}-link`);
});

test("something else in the place of the link that is tried is put away", () => {
  mkdirSync(join(folder, "probe", "link"), { recursive: true });
  writeFileSync(join(folder, "probe", "link", "x"), "");
  expect(homeProblem(folder)).toBeUndefined();
});

test("a file in its place is said with what the system says", () => {
  writeFileSync(join(folder, "workspaces"), "");
  const problem = homeProblem(folder);
  expect(problem).toMatchObject({ code: "workspace_failed", hint: expect.stringContaining("set FORKJOIN_HOME") });
  expect(problem?.message).toContain(`FORKJOIN_HOME ${folder} cannot hold workspaces: EEXIST`);
});

test.runIf(IS_ROOT)("somebody else's folder is refused, for root and for others", async () => {
  expect(await withoutPrivileges(folder, () => homeProblem(folder)?.message)).toMatch(/EACCES|belongs to user 0/);
  mkdirSync(join(folder, "workspaces"));
  const text = await withoutPrivileges(folder, () => homeProblem(folder)?.message);
  expect(text).toBe(`FORKJOIN_HOME: ${folder} belongs to user 0, and this runs as user 65534`);
  chownSync(join(folder, "workspaces"), 1_234, 1_234);
  expect(homeProblem(folder)?.message).toContain("workspaces belongs to user 1234, and this runs as user 0");
});
