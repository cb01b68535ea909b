import { describe, expect, test } from "vitest";
import { taskBoundary } from "../../../src/core/boundary/task-boundary.ts";
import { verifyBoundary } from "../../../src/core/boundary/verify-boundary.ts";
import type { Access } from "../../../src/core/model/boundary.ts";
import type { FileChange } from "../../../src/core/ports/workspace.ts";
import { listOf } from "../sample-plan.ts";

const OUTSIDE = "leave this path as it is, or declare it in the task's `files`";
const READ_ONLY = "leave every file as it is: this task only reads";
const UNDO = "undo it: no task may produce this";

function changed(path: string, more: Partial<FileChange> = {}): FileChange {
  return { path, change: "modified", kind: "file", ignored: false, ...more };
}

function verify(scope: string[], changes: FileChange[], access: Access = "write") {
  return verifyBoundary(changes, { task_boundary: "t", access, scope });
}

describe("verifyBoundary", () => {
  test("what lies inside is accepted, sorted, whatever happened to it", () => {
    const changes = [
      changed("src/z.ts", { change: "deleted" }),
      changed("src/new/a.ts", { change: "created" }),
      changed("README.md"),
      changed("src/link", { kind: "symlink" }),
    ];
    expect(verify(["src/**", "README.md"], changes)).toEqual({
      accepted: ["README.md", "src/link", "src/new/a.ts", "src/z.ts"],
      violations: [],
    });
  });

  test("what lies outside is a violation that says what happened; the rest stays accepted", () => {
    const changes = [
      changed("src/b.ts"),
      changed("package.json"),
      changed("src2/a.ts", { change: "created" }),
      changed("docs/x.md", { change: "deleted" }),
    ];
    expect(verify(["src/**"], changes)).toEqual({
      accepted: ["src/b.ts"],
      violations: [
        { path: "docs/x.md", rule: "deleted outside the scope", fix: OUTSIDE },
        { path: "package.json", rule: "modified outside the scope", fix: OUTSIDE },
        { path: "src2/a.ts", rule: "created outside the scope", fix: OUTSIDE },
      ],
    });
  });

  test("a name that differs by case only is another file", () => {
    expect(verify(["src/a.ts"], [changed("src/A.ts")]).violations).toEqual([
      { path: "src/A.ts", rule: "modified outside the scope", fix: OUTSIDE },
    ]);
  });

  test("a folder replaced by a file of its name breaks the folder's scope", () => {
    expect(verify(["src/**"], [changed("src", { change: "created" })])).toEqual({
      accepted: [],
      violations: [{ path: "src", rule: "created outside the scope", fix: OUTSIDE }],
    });
  });

  test("an empty scope contains nothing", () => {
    expect(verify([], [changed("a")]).violations).toEqual([
      { path: "a", rule: "modified outside the scope", fix: OUTSIDE },
    ]);
  });

  test("the scope ** contains everything but what no task may produce", () => {
    const planted = changed("deep/.git/config", { forbidden: "git metadata inside the tree" });
    expect(verify(["**"], [changed("a"), planted])).toEqual({
      accepted: ["a"],
      violations: [{ path: "deep/.git/config", rule: "git metadata inside the tree", fix: UNDO }],
    });
  });

  describe("ignored paths", () => {
    test("are neither accepted nor a violation, inside a folder scope and outside", () => {
      const changes = [changed("dist/x.js", { ignored: true }), changed("src/cache", { ignored: true })];
      expect(verify(["src/**"], changes)).toEqual({ accepted: [], violations: [] });
    });

    test("are accepted when the boundary names that exact path", () => {
      expect(verify(["dist/x.js", "dist/**"], [changed("dist/x.js", { ignored: true })])).toEqual({
        accepted: ["dist/x.js"],
        violations: [],
      });
    });

    test("do not excuse a forbidden entry that the boundary names", () => {
      const link = changed("out", { ignored: true, forbidden: "a symbolic link that leads out of the repository" });
      expect(verify(["out"], [link]).violations).toEqual([
        { path: "out", rule: "a symbolic link that leads out of the repository", fix: UNDO },
      ]);
    });
  });

  test.each(["read_only", "read_only+test_execution"] as const)(
    "%s access allows no change, in scope or not",
    (access) => {
      const changes = [changed("src/a.ts"), changed("b.ts", { change: "created" }), changed("log", { ignored: true })];
      expect(verify(["src/**"], changes, access)).toEqual({
        accepted: [],
        violations: [
          { path: "b.ts", rule: `created under ${access} access`, fix: READ_ONLY },
          { path: "src/a.ts", rule: `modified under ${access} access`, fix: READ_ONLY },
        ],
      });
    },
  );

  test("folders inside the scope are no content; outside they are a violation", () => {
    const folder = { change: "created", kind: "directory" } as const;
    expect(verify(["src/**"], [changed("src/new", folder), changed("other", folder)])).toEqual({
      accepted: [],
      violations: [{ path: "other", rule: "created outside the scope", fix: OUTSIDE }],
    });
  });

  test("a symbol's scope is its whole file: what lies in it is for the merge to judge", () => {
    expect(verify(["src/a.ts#parse"], [changed("src/a.ts"), changed("src/b.ts")])).toEqual({
      accepted: ["src/a.ts"],
      violations: [{ path: "src/b.ts", rule: "modified outside the scope", fix: OUTSIDE }],
    });
  });
});

test("a task's boundary is its id, its access and its files", () => {
  const [task] = listOf([{ id: "look", description: "Read", files: ["src/**"], access: "read_only" }]).tasks;
  expect(task && taskBoundary(task)).toEqual({ task_boundary: "look", access: "read_only", scope: ["src/**"] });
});
