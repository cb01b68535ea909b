/** Which tasks a pattern makes of a repository's files: selection, grouping, estimates, commands, and what it refuses. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tasksFromPattern } from "../../../../src/core/1-decompose/pattern/tasks-from-pattern.ts";
import { parseScope, scopeContains } from "../../../../src/core/boundary/scope.ts";
import { parseDuration } from "../../../../src/core/model/duration.ts";
import { MAX_TASK_MS } from "../../../../src/core/model/task.ts";
import { WorkPattern } from "../../../../src/core/model/work-pattern.ts";
import { granted, listOf, refused } from "../../sample-plan.ts";
import { filesOf, type Surveyed, surveyOf } from "./survey-of.ts";

async function made(pattern: Record<string, unknown>, surveyed: Surveyed) {
  return granted(await tasksFromPattern(WorkPattern.parse({ description: "Change", ...pattern }), surveyOf(surveyed)));
}

async function failed(pattern: Record<string, unknown>, surveyed: Surveyed) {
  return refused(await tasksFromPattern(WorkPattern.parse({ description: "Change", ...pattern }), surveyOf(surveyed)));
}

const PROJECT = filesOf([
  "README.md",
  "docs/auth.md",
  "docs/export.md",
  "package.json",
  "src/auth/login.ts",
  "src/auth/login.test.ts",
  "src/auth/token.ts",
  "src/export/csv.ts",
  "src/main.ts",
]);

describe("which files", () => {
  test("kind file without include: every source file that is no test", async () => {
    const tasks = await made({ kind: "file" }, { files: PROJECT });
    expect(tasks.map((task) => task.files)).toEqual([
      ["src/auth/login.ts"],
      ["src/auth/token.ts"],
      ["src/export/csv.ts"],
      ["src/main.ts"],
    ]);
  });

  test.each([
    [["src/**/*.ts"], 5],
    [["src/*/*.ts"], 4],
    [["src/auth"], 3],
    [["src/auth/"], 3],
    [["src/{auth,export}/**"], 4],
    [["package.json"], 1],
    [["**/*.md", "src/main.ts"], 4],
  ])("include %j selects %i files", async (include, count) => {
    expect(await made({ kind: "file", include }, { files: PROJECT })).toHaveLength(count);
  });

  test("a path with glob characters in it is that file", async () => {
    const files = filesOf(["app/[id]/page.tsx", "app/i/page.tsx"]);
    const tasks = await made({ kind: "file", include: ["app/[id]/page.tsx"] }, { files });
    expect(tasks.map((task) => task.files)).toEqual([["app/[id]/page.tsx"]]);
  });

  test("kinds test and docs keep what is of that kind", async () => {
    expect((await made({ kind: "test", include: ["src"] }, { files: PROJECT })).map((task) => task.files)).toEqual([
      ["src/auth/login.test.ts"],
    ]);
    expect((await made({ kind: "docs" }, { files: PROJECT })).map((task) => task.files)).toEqual([
      ["README.md"],
      ["docs/auth.md"],
      ["docs/export.md"],
    ]);
  });

  test("an include that matches nothing is named, with what there is", async () => {
    expect(await failed({ kind: "file", include: ["src/**", "lib/**"] }, { files: PROJECT })).toMatchObject({
      code: "invalid_tasks",
      message: 'pattern.include "lib/**" matches no file of the base commit',
      hint: "globs are relative to the repository's root, whose entries are: README.md, docs, package.json, src",
    });
  });

  test("a kind of which there is nothing is said", async () => {
    expect((await failed({ kind: "test" }, { files: filesOf(["a.ts"]) })).message).toBe(
      "pattern.kind test: the base commit has no test file",
    );
  });
});

test("names that are no ids become some, all different, and phase 1 accepts them", async () => {
  const files = filesOf(["a/[...slug].ts", "a/con.ts", "con.ts/x.ts", "b..c.ts", "b-c.ts", "Ü.ts", "deno.lock", "x."]);
  const tasks = await made({ kind: "file", include: ["**"] }, { files });
  const ids = tasks.map((task) => task.id);
  expect(new Set(ids).size).toBe(8);
  expect(listOf(tasks).tasks.map((task) => task.id)).toEqual(ids);
  expect(ids).toContain("a--slug-.ts");
});

describe("modules", () => {
  test("a folder that belongs to one task whole is its scope; loose files are named", async () => {
    const tasks = await made({ kind: "module", include: ["src"] }, { files: PROJECT });
    expect(tasks.map(({ id, files }) => [id, files])).toEqual([
      ["src", ["src/main.ts"]],
      ["src-auth", ["src/auth/**"]],
      ["src-export", ["src/export/**"]],
    ]);
  });

  test("packages are modules however deep they lie", async () => {
    const files = filesOf(["libs/a/package.json", "libs/a/src/x.ts", "libs/b/go.mod", "libs/b/y.go", "tools/z.ts"]);
    const tasks = await made({ kind: "module" }, { files });
    expect(tasks.map((task) => task.id)).toEqual(["libs-a", "libs-b", "tools"]);
  });

  test("too much for a task falls into its own folders first, then into runs of files", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `src/big/${index < 6 ? "left" : "right"}/f${index}.ts`);
    const tasks = await made({ kind: "module" }, { files: { ...filesOf(names), ...filesOf(["src/small/a.ts"]) } });
    expect(tasks.map((task) => task.id)).toEqual(["src-big-left", "src-big-right", "src-small"]);
  });

  test("by coupling: files that import each other stay together, wherever they lie", async () => {
    const files = filesOf(["src/a1.ts", "src/a2.ts", "src/a3.ts", "src/b1.ts", "src/b2.ts", "src/b3.ts"], 20_000);
    const imports: [string, string][] = ["a", "b"].flatMap((part): [string, string][] => [
      [`src/${part}1.ts`, `src/${part}2.ts`],
      [`src/${part}2.ts`, `src/${part}3.ts`],
      [`src/${part}3.ts`, `src/${part}1.ts`],
    ]);
    const tasks = await made({ kind: "module", by: "coupling" }, { files, imports });
    expect(tasks.map((task) => task.files)).toEqual([
      ["src/a1.ts", "src/a2.ts", "src/a3.ts"],
      ["src/b1.ts", "src/b2.ts", "src/b3.ts"],
    ]);
  });
});

describe("estimates", () => {
  test("grow with the size and with how often the file changed, up to half an hour", async () => {
    const files = { "a.ts": 400, "b.ts": 40_000, "c.ts": 40_000, "d.ts": 4_000_000 };
    const history = Array.from({ length: 20 }, () => ["c.ts"]);
    const tasks = await made({ kind: "file" }, { files, history });
    expect(tasks.map((task) => task.estimated)).toEqual(["3min", "12min", "24min", "30min"]);
  });

  test("files share a task as per_task says, as long as half an hour is enough", async () => {
    const files = { ...filesOf(["a.ts", "b.ts", "c.ts"], 8_000), "d.ts": 100_000 };
    const tasks = await made({ kind: "file", per_task: 3 }, { files });
    expect(tasks.map(({ files: scope, estimated }) => [scope, estimated])).toEqual([
      [["a.ts", "b.ts", "c.ts"], "12min"],
      [["d.ts"], "27min"],
    ]);
  });
});

describe("commands", () => {
  test("{file} is the one path, {files} all of them, one word each", async () => {
    const files = filesOf(["src/a.ts", "src/b.ts"]);
    const one = await made({ kind: "file", command: ["sed", "-i", "s/x/y/", "{file}"] }, { files });
    expect(one.map((task) => task.command)).toEqual([
      ["sed", "-i", "s/x/y/", "src/a.ts"],
      ["sed", "-i", "s/x/y/", "src/b.ts"],
    ]);
    const all = await made({ kind: "file", per_task: 2, command: ["codemod", "{files}", "--quiet"] }, { files });
    expect(all.map((task) => task.command)).toEqual([["codemod", "src/a.ts", "src/b.ts", "--quiet"]]);
    expect(all[0]?.estimated).toBe("1min");
  });

  test.each([
    [
      { kind: "file", per_task: 2, command: ["x", "{file}"] },
      "pattern.command uses {file}, but a task may have several files",
    ],
    [{ kind: "file", command: ["x", "--in={files}"] }, 'pattern.command has {files} inside the word "--in={files}"'],
    [{ kind: "file", by: "coupling" }, "pattern.by coupling goes with kind module, not file"],
    [{ kind: "module", per_task: 2 }, "pattern.per_task goes with kind file, test or docs"],
  ])("%j is refused", async (pattern, message) => {
    expect((await failed(pattern, { files: PROJECT })).message).toBe(message);
  });
});

test("more tasks than a run may have are refused with what to do", async () => {
  const files = filesOf(Array.from({ length: 1_001 }, (_, index) => `src/f${index}.ts`));
  expect(await failed({ kind: "file" }, { files })).toMatchObject({
    message: "pattern: it makes 1001 tasks, at most 1000 are accepted",
    hint: "narrow pattern.include, or raise pattern.per_task",
  });
});

const path = fc
  .array(fc.constantFrom("a", "b", "lib", "src", "übung"), { minLength: 0, maxLength: 3 })
  .chain((folders) => fc.integer({ min: 0, max: 40 }).map((number) => [...folders, `f${number}.ts`].join("/")));
const pattern = fc.record({
  kind: fc.constantFrom("file", "module"),
  by: fc.constantFrom("folder", "coupling"),
  many: fc.integer({ min: 1, max: 9 }),
});

test("property: every file is in exactly one task, no task exceeds its limits, and phase 1 accepts them all", async () => {
  const surveyed = fc
    .dictionary(path, fc.integer({ min: 0, max: 200_000 }), { minKeys: 1, maxKeys: 40 })
    .chain((files) => {
      const known = fc.constantFrom(...Object.keys(files));
      return fc.record({ files: fc.constant(files), imports: fc.array(fc.tuple(known, known), { maxLength: 60 }) });
    });
  await fc.assert(
    fc.asyncProperty(surveyed, pattern, async (base, { kind, by, many }) => {
      const wanted = kind === "module" ? { kind, by } : { kind, per_task: many };
      const tasks = await made(wanted, base);
      const base_files = Object.fromEntries(Object.keys(base.files).map((name) => [name, "100644"]));
      expect(listOf(tasks, { base: base_files }).total_tasks).toBe(tasks.length);
      for (const file of Object.keys(base.files)) {
        const holders = tasks.filter((task) => task.files.some((entry) => scopeContains(parseScope(entry), file)));
        expect(holders).toHaveLength(1);
      }
      for (const task of tasks) expect(parseDuration(task.estimated)).toBeLessThanOrEqual(MAX_TASK_MS);
      expect(await made(wanted, base)).toEqual(tasks);
    }),
    { numRuns: 150 },
  );
});
