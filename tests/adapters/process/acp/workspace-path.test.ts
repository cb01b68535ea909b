import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writablePath } from "../../../../src/adapters/process/acp/workspace-path.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-path-")));
const root = join(folder, "work");
mkdirSync(join(root, "src/sub"), { recursive: true });
mkdirSync(join(root, ".git"));
mkdirSync(join(folder, "elsewhere"));
for (const file of ["work/src/a.txt", "work/b.txt", "elsewhere/x.txt"]) writeFileSync(join(folder, file), "1");
symlinkSync("../b.txt", join(root, "src/to-b"));
symlinkSync("a.txt", join(root, "src/to-a"));
symlinkSync(join(folder, "elsewhere"), join(root, "src/out"));
symlinkSync("/nowhere/at/all", join(root, "src/dangling"));
linkSync(join(folder, "elsewhere/x.txt"), join(root, "src/hard"));
afterAll(() => rmSync(folder, { recursive: true }));

const boundary = { task_boundary: "t", access: "write", scope: ["src/**", ".git/**", "new.txt"] } as const;

function judged(path: string): string {
  const answer = writablePath(root, path, { ...boundary, scope: [...boundary.scope] });
  return answer.ok ? answer.path.slice(root.length + 1) : answer.why;
}

test.each([
  ["src/a.txt", "src/a.txt"],
  [join(root, "src/a.txt"), "src/a.txt"],
  ["src/new/deep/file.txt", "src/new/deep/file.txt"],
  ["src/sub/../a.txt", "src/a.txt"],
  ["new.txt", "new.txt"],
  ["src/to-a", "src/a.txt"],
  ["b.txt", "it is outside the task's scope"],
  ["src/to-b", "it is outside the task's scope"],
  ["src/../b.txt", "it is outside the task's scope"],
  ["src/../../elsewhere/x.txt", "it leads out of the workspace"],
  ["src/out/x.txt", "it leads out of the workspace"],
  ["/etc/passwd", "it leads out of the workspace"],
  ["src/dangling", "it does not lead anywhere"],
  ["src/hard", "it is a hard link"],
  ["src/sub", "it is no regular file"],
  [".git/config", "it is git's own"],
  ["src/.GIT/hooks/x", "it is git's own"],
  ["src/a\0.txt", "it is not a path"],
  ["", "it is not a path"],
  [".", "it leads out of the workspace"],
])("%j: %s", (path, expected) => {
  expect(judged(path)).toBe(expected);
});

test("nothing may be written by a task that only reads", () => {
  const answer = writablePath(root, "src/a.txt", { ...boundary, access: "read_only", scope: ["src/**"] });
  expect(answer).toEqual({ ok: false, why: "access is read_only" });
});
