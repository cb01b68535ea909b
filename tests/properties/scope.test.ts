/** What holds for every scope entry and every duration that the schemas accept, whatever a client sends. */
import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScope, scopeContains } from "../../src/core/boundary/scope.ts";
import { verifyBoundary } from "../../src/core/boundary/verify-boundary.ts";
import { formatDuration, parseDuration } from "../../src/core/model/duration.ts";
import { scopePatternProblem } from "../../src/core/model/scope-pattern.ts";
import { rounds } from "../rig/extent.ts";

const RUNS = { numRuns: rounds(500, 2_000) };
const PIECES = [
  ...[
    "a",
    "b.ts",
    "src",
    "..",
    ".",
    "",
    ".git",
    ".GIT",
    "git~1",
    "**",
    "*",
    "~",
    "-x",
    "C:",
    "é",
    "e\u0301",
    "#sym",
    "A",
  ],
  ...[".git ", ".git.", "[id]", "\0", "\\", "\u202e", ".. ", "...", "constructor", "__proto__"],
];
const entry = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("/")),
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const accepted = entry.filter((text) => scopePatternProblem(text) === undefined);

test("an accepted entry names a place inside the repository that is not git's", () => {
  fc.assert(
    fc.property(accepted, (text) => {
      const { path } = parseScope(text);
      const place = posix.resolve("/repository", path);
      expect(place).toEqual(path === "" ? "/repository" : `/repository/${path}`);
      expect(path.split("/").filter((segment) => /^\.git$/i.test(segment.trim()))).toEqual([]);
      expect(path).not.toMatch(/[\0\\]/);
    }),
    RUNS,
  );
});

test("an accepted entry contains its own place or what lies below, and nothing above or beside it", () => {
  fc.assert(
    fc.property(accepted, (text) => {
      const scope = parseScope(text);
      const below = scope.path === "" ? "x" : `${scope.path}/x`;
      expect(scopeContains(scope, scope.kind === "tree" ? below : scope.path)).toEqual(true);
      const outside = [`${scope.path}x`, posix.dirname(scope.path), "elsewhere/x"].filter((path) => path !== "");
      expect(scope.path === "" ? [] : outside.filter((path) => scopeContains(scope, path))).toEqual([]);
    }),
    RUNS,
  );
});

test("every change is accepted, a violation, ignored or a folder: none gets lost and none counts twice", () => {
  const change = fc.record({
    path: fc.constantFrom("src/a.ts", "src/b/c.ts", "docs/x.md", "dist/y.js", "src"),
    change: fc.constantFrom("created", "modified", "deleted"),
    kind: fc.constantFrom("file", "symlink", "directory"),
    ignored: fc.boolean(),
  });
  const changes = fc.uniqueArray(change, { selector: ({ path }) => path });
  const scope = fc.subarray(["src/**", "docs/x.md", "dist/y.js", "src", "**"]);
  fc.assert(
    fc.property(changes, scope, fc.constantFrom("write", "read_only"), (found, entries, access) => {
      const verdict = verifyBoundary(found, { task_boundary: "t", access, scope: entries });
      const judged = [...verdict.accepted, ...verdict.violations.map(({ path }) => path)];
      const silent = found.filter(({ path }) => !judged.includes(path));
      expect(new Set(judged).size).toEqual(judged.length);
      expect(silent.filter(({ ignored, kind }) => !ignored && kind !== "directory")).toEqual([]);
      expect(access === "read_only" ? verdict.accepted : []).toEqual([]);
    }),
    RUNS,
  );
});

test("a duration's text reads back as the same number, to the precision it shows", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 * 24 * 3_600_000 }), (ms) => {
      const back = parseDuration(formatDuration(ms)) ?? Number.NaN;
      const precision = ms < 1_000 ? 0 : ms < 59_950 ? 50 : 500;
      expect(Math.abs(back - ms)).toBeLessThanOrEqual(precision);
    }),
    RUNS,
  );
});
