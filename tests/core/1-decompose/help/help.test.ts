/** What a client without tasks is told of a repository: modules, hot files, clashes, test commands, and what a request names. */
import { describe, expect, test } from "vitest";
import { describeModules, type Looked } from "../../../../src/core/1-decompose/help/describe-modules.ts";
import { filesOfRequest } from "../../../../src/core/1-decompose/help/files-of-request.ts";
import { findTestCommands } from "../../../../src/core/1-decompose/help/find-test-commands.ts";
import { hotFiles, likelyClashes } from "../../../../src/core/1-decompose/help/likely-clashes.ts";
import { filesOf, type Surveyed, surveyOf } from "../pattern/survey-of.ts";

function looked(surveyed: Surveyed, minutes = 5): Looked {
  const base = surveyOf(surveyed);
  const edges = (surveyed.imports ?? []).map(([from, to]) => ({ from, to }));
  return { base, files: base.paths, edges, ms: () => minutes * 60_000 };
}

const FILES = filesOf(["auth/login.ts", "auth/token.ts", "export/csv.ts", "main.ts"]);

describe("modules", () => {
  test("come with their scope, their work and what they use", () => {
    const imports: [string, string][] = [
      ["main.ts", "auth/login.ts"],
      ["main.ts", "auth/token.ts"],
      ["main.ts", "export/csv.ts"],
      ["auth/login.ts", "auth/token.ts"],
    ];
    expect(describeModules(looked({ files: FILES, imports }))).toEqual([
      { module: "auth", scope: ["auth/**"], files: 2, minutes: 10, uses: [] },
      {
        module: ".",
        scope: ["main.ts"],
        files: 1,
        minutes: 5,
        uses: [
          { module: "auth", imports: 2 },
          { module: "export", imports: 1 },
        ],
      },
      { module: "export", scope: ["export/**"], files: 1, minutes: 5, uses: [] },
    ]);
  });

  test("of more than an afternoon are shown by their folders", () => {
    const files = filesOf(["src/a/x.ts", "src/a/y.ts", "src/b/x.ts", "tools/x.ts"]);
    const modules = describeModules(looked({ files }, 100)).map(({ module }) => module);
    expect(modules).toEqual(["src/a", "src/b", "tools"]);
  });
});

test("hot files are those that everyone changes or imports", () => {
  const history = Array.from({ length: 6 }, () => ["auth/token.ts", "README.md"]);
  const imports = Array.from({ length: 5 }, (_, index): [string, string] => [`user${index}.ts`, "main.ts"]);
  const surveyed = { files: { ...FILES, ...filesOf(imports.map(([from]) => from)) }, imports };
  expect(hotFiles(looked(surveyed), history)).toEqual([
    {
      path: "auth/token.ts",
      commits: 6,
      imported_by: 0,
      why: "changed in 6 of the recent commits: give it to one task, and let the others depend on that",
    },
    {
      path: "main.ts",
      commits: 0,
      imported_by: 5,
      why: "imported by 5 files: give it to one task, and let the others depend on that",
    },
  ]);
});

test("modules that change together are likely to clash; sweeping commits say nothing", () => {
  const sweep = Array.from({ length: 31 }, (_, index) => `export/f${index}.ts`);
  const history = [
    ...Array.from({ length: 5 }, () => ["auth/login.ts", "main.ts"]),
    ...Array.from({ length: 9 }, () => [...sweep, "auth/login.ts"]),
  ];
  expect(likelyClashes(looked({ files: { ...FILES, ...filesOf(sweep) } }), history)).toEqual([
    { scopes: [".", "auth"], why: "5 recent commits changed both: a change to one tends to need the other" },
  ]);
});

describe("test commands", () => {
  test.each([
    [{ "package.json": '{"scripts":{"test":"vitest"}}' }, [["npm", "test"]]],
    [{ "package.json": '{"scripts":{"test":"x"}}', "pnpm-lock.yaml": "" }, [["pnpm", "run", "test"]]],
    [{ "package.json": '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' }, []],
    [{ "package.json": '{"scripts":{"constructor":"x"}}' }, []],
    [{ "package.json": "{ broken" }, []],
    [{ "pyproject.toml": "[tool.pytest.ini_options]" }, [["pytest"]]],
    [{ "pyproject.toml": "[project]", "pytest.ini": "", "conftest.py": "" }, [["pytest"]]],
    [
      { "go.mod": "module x", Makefile: "build:\n\ttrue\ntest: build\n\ttrue\n" },
      [
        ["go", "test", "./..."],
        ["make", "test"],
      ],
    ],
    [{ "Cargo.toml": "", "sub/package.json": '{"scripts":{"test":"x"}}' }, [["cargo", "test"]]],
  ])("%j", async (files: Record<string, string | undefined>, commands) => {
    const found = await findTestCommands(Object.keys(files), async (path) => files[path]);
    expect(found.map(({ command }) => command)).toEqual(commands);
  });
});

describe("what a request names", () => {
  const sources = ["lib/route.js", "lib/server.js", "test/types/a.ts", "test/types/b.ts"];
  test.each([
    ["Fix route.js.", ["lib/route.js"]],
    ["Fix lib/server.js, please", ["lib/server.js"]],
    ["Convert test/types/ to ESM", ["test/types/a.ts", "test/types/b.ts"]],
    ["Replace the server by another one in lib", sources],
    ["Fix everything", sources],
  ])("%s", (request, files) => {
    expect(filesOfRequest(request, sources).files).toEqual(files);
  });
});
