/** `smart_merge`: Git-style merge attempt — and what comes after git, one named step at a time, over a real repository. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRepository } from "../../../src/adapters/git/repository/git-repository.ts";
import { locateRepository } from "../../../src/adapters/git/repository/repository-location.ts";
import { languageAnalyser } from "../../../src/adapters/language-analyser/language-analyser.ts";
import { mergeProgram } from "../../../src/adapters/process/merge-program.ts";
import { structuredText } from "../../../src/adapters/structured-text/structured-text.ts";
import { gate } from "../../../src/core/5-aggregate/merge/gate.ts";
import type { MergePorts } from "../../../src/core/5-aggregate/merge-ports.ts";
import { type SmartResult, smartMerge } from "../../../src/core/5-aggregate/smart-merge/smart-merge.ts";
import { MergeSettings } from "../../../src/core/model/merge-settings.ts";
import { git } from "../../rig/git.ts";

const NO_CACHE = {
  facts: async () => new Map(),
  keepFacts: async () => undefined,
  text: async () => undefined,
  keepText: async () => undefined,
};

let folder: string;
let ports: MergePorts;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-smart-merge-")));
  git(folder, "init", "--quiet");
  const located = await locateRepository(folder);
  if (!located.ok) throw new Error(located.error.message);
  const repository = await openRepository(located.value, join(folder, ".git", "engine.git"));
  const code = { analyser: languageAnalyser(), cache: NO_CACHE };
  ports = { repository, ...code, structuredText: structuredText(), mergeProgram: mergeProgram() };
});

afterAll(() => rmSync(folder, { recursive: true }));

type Sides = [base: string | undefined, ours: string, theirs: string];

async function merged(
  path: string,
  [base, ours, theirs]: Sides,
  settings: object = {},
): Promise<SmartResult | undefined> {
  const entry = async (text: string) => ({ mode: "100644", blob: await ports.repository.writeBlob(text) });
  return smartMerge(ports, {
    ...{ path, names: { ours: "a", theirs: "b" }, settings: MergeSettings.parse(settings) },
    ...{
      base: base === undefined ? undefined : await entry(base),
      ours: await entry(ours),
      theirs: await entry(theirs),
    },
  });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe("a package manifest", () => {
  const base = json({ name: "x", version: "1.0.0", dependencies: { a: "^1.0.0" } });

  test("is merged by key: both add a dependency, one a script", async () => {
    const ours = json({ name: "x", version: "1.0.0", dependencies: { a: "^1.0.0", b: "^2.0.0" } });
    const theirs = json({
      name: "x",
      version: "1.0.0",
      dependencies: { a: "^1.0.0", c: "^3.0.0" },
      scripts: { t: "x" },
    });
    const result = await merged("package.json", [base, ours, theirs]);
    expect(result?.by).toEqual(["keys"]);
    expect(JSON.parse(result?.text ?? "")).toEqual({
      ...{ name: "x", version: "1.0.0", scripts: { t: "x" } },
      dependencies: { a: "^1.0.0", b: "^2.0.0", c: "^3.0.0" },
    });
  });

  test("takes the higher of two raised versions, and says so", async () => {
    const [ours, theirs] = ["^1.2.0", "^1.10.0"].map((a) => json({ name: "x", version: "1.0.0", dependencies: { a } }));
    const result = await merged("package.json", [base, ours ?? "", theirs ?? ""]);
    expect(result?.by).toEqual(["keys", "versions"]);
    expect(JSON.parse(result?.text ?? "")).toMatchObject({ dependencies: { a: "^1.10.0" } });
  });

  test("keeps a clash of one key a conflict, with everything else merged in the proposal", async () => {
    const ours = json({ name: "y", version: "1.0.0", dependencies: { a: "^1.0.0", b: "^2.0.0" } });
    const theirs = json({ name: "z", version: "1.0.0", dependencies: { a: "^1.0.0", c: "^3.0.0" } });
    const result = await merged("package.json", [base, ours, theirs]);
    expect(result).toMatchObject({ clashes: ["name"], by: ["keys"] });
    expect(result?.text).toBeUndefined();
    expect(result?.proposal).toContain(
      '<<<<<<< ours: a\n  "name": "y",\n||||||| base\n  "name": "x",\n=======\n  "name": "z",\n>>>>>>> theirs: b\n',
    );
    expect(result?.proposal).toContain('"c": "^3.0.0"');
  });

  test("one side's downgrade against the other's upgrade stays a conflict", async () => {
    const [ours, theirs] = ["^0.9.0", "^1.10.0"].map((a) => json({ name: "x", version: "1.0.0", dependencies: { a } }));
    expect((await merged("package.json", [base, ours ?? "", theirs ?? ""]))?.text).toBeUndefined();
  });
});

describe("a YAML file", () => {
  test("is merged by key, its comments and order kept", async () => {
    const base = "# ci\non: push\njobs:\n  build: # first\n    run: make\n";
    const ours = `${base}  lint:\n    run: lint\n`;
    const theirs = `${base}  # slow\n  test:\n    run: check\n`;
    const result = await merged(".github/workflows/ci.yml", [base, ours, theirs]);
    expect(result).toMatchObject({
      by: ["keys"],
      text: `${base}  # slow\n  test:\n    run: check\n  lint:\n    run: lint\n`,
    });
  });
});

describe("a lock file", () => {
  const lock = (packages: Record<string, unknown>): string => json({ name: "x", lockfileVersion: 3, packages });
  const entry = (version: string, more: object = {}) => ({ version, integrity: `sha512-${version}`, ...more });
  const base = lock({ "": { dependencies: { a: "1" } }, "node_modules/a": entry("1.0.0") });

  test("of npm is taken apart by package", async () => {
    const add = (name: string): string =>
      lock({
        "": { dependencies: { a: "1", [name]: "1" } },
        "node_modules/a": entry("1.0.0"),
        [`node_modules/${name}`]: entry("1.0.0"),
      });
    const result = await merged("package-lock.json", [base, add("b"), add("c")]);
    expect(result?.by).toEqual(["lock_file"]);
    const { packages } = JSON.parse(result?.text ?? "");
    expect(Object.keys(packages)).toEqual(["", "node_modules/a", "node_modules/c", "node_modules/b"]);
    expect(packages[""].dependencies).toEqual({ a: "1", b: "1", c: "1" });
  });

  test("keeps one package raised twice a conflict: an entry is one piece", async () => {
    const raise = (version: string): string =>
      lock({ "": { dependencies: { a: "1" } }, "node_modules/a": entry(version) });
    const result = await merged("package-lock.json", [base, raise("1.1.0"), raise("1.2.0")]);
    expect(result?.text).toBeUndefined();
  });

  test("is no merge where one side removed what the other needs now", async () => {
    const before = lock({
      "": { dependencies: { a: "1" } },
      "node_modules/a": entry("1.0.0"),
      "node_modules/s": entry("1.0.0"),
    });
    const without = lock({
      "": { dependencies: { a: "1", z: "1" } },
      "node_modules/a": entry("1.0.0"),
      "node_modules/z": entry("1.0.0"),
    });
    const needs = lock({
      "": { dependencies: { a: "1", y: "1" } },
      "node_modules/a": entry("1.0.0"),
      "node_modules/y": entry("1.0.0", { dependencies: { s: "1" } }),
      "node_modules/s": entry("1.0.0"),
    });
    expect((await merged("package-lock.json", [before, without, needs]))?.text).toBeUndefined();
  });

  test.each([
    ["Cargo.lock", '[[package]]\nname = "NAME"\nversion = "1.0.0"\n'],
    ["yarn.lock", 'NAME@^1.0.0:\n  version "1.0.0"\n'],
  ])("%s is merged by block", async (name, block) => {
    const blocks = (...names: string[]): string =>
      `# lock\n\n${names.map((one) => block.replace("NAME", one)).join("\n")}`;
    const result = await merged(name, [blocks("a", "z"), blocks("a", "m", "z"), blocks("a", "n", "z")]);
    expect(result).toMatchObject({ by: ["lock_file"], text: blocks("a", "n", "m", "z") });
  });

  test("go.sum is merged by line", async () => {
    const result = await merged("go.sum", ["a v1 h1:x\n", "a v1 h1:x\nb v1 h1:y\n", "a v1 h1:x\nc v1 h1:z\n"]);
    expect(result?.text).toBe("a v1 h1:x\nc v1 h1:z\nb v1 h1:y\n");
  });
});

describe("imports", () => {
  test.each<[string, Sides, string]>([
    [
      "a.ts",
      [
        'import a from "a";\n\na();\n',
        'import a from "a";\nimport b from "b";\n\na();\n',
        'import a from "a";\nimport c from "c";\n\na();\n',
      ],
      'import a from "a";\nimport b from "b";\nimport c from "c";\n\na();\n',
    ],
    [
      "a.ts",
      ['import { a } from "x";\nf(a);\n', 'import { a, b } from "x";\nf(a);\n', 'import { a, c } from "x";\nf(a);\n'],
      'import { a, b, c } from "x";\nf(a);\n',
    ],
    [
      "a.py",
      ["from x import a\n\nf(a)\n", "from x import a, b\n\nf(a)\n", "from x import a, c\n\nf(a)\n"],
      "from x import a, b, c\n\nf(a)\n",
    ],
    [
      "a.go",
      [
        'package a\n\nimport (\n\t"a"\n)\n',
        'package a\n\nimport (\n\t"a"\n\t"b"\n)\n',
        'package a\n\nimport (\n\t"a"\n\t"c"\n)\n',
      ],
      'package a\n\nimport (\n\t"a"\n\t"b"\n\t"c"\n)\n',
    ],
    [
      "a.ts",
      ['import {\n  a,\n} from "x";\n', 'import {\n  a,\n  b,\n} from "x";\n', 'import {\n  a,\n  c,\n} from "x";\n'],
      'import {\n  a,\n  b,\n  c,\n} from "x";\n',
    ],
  ])("of %s are put together: %#", async (path, sides, text) => {
    const result = await merged(path, sides);
    expect(result?.proposal).toBe(text);
    expect(result).toMatchObject({ by: ["imports"], text });
  });

  test.each<[string, Sides]>([
    [
      "one name for two things",
      ['import a from "a";\n', 'import a from "a";\nimport x from "b";\n', 'import a from "a";\nimport x from "c";\n'],
    ],
    ["anything but imports", ['import a from "a";\n', 'import a from "a";\nf(1);\n', 'import a from "a";\nf(2);\n']],
    [
      "an import one side changed and the other removed",
      ['import { a } from "a";\nx();\n', 'import { a, b } from "a";\nx();\n', "x();\n"],
    ],
  ])("stay a conflict with %s", async (_, sides) => {
    expect((await merged("a.ts", sides))?.text).toBeUndefined();
  });
});

describe("version numbers", () => {
  test("the higher holds in a field of a manifest that is for versions, and the lower one is named", async () => {
    const text = (version: string): string => `[package]\nname = "x"\nversion = "${version}"\n`;
    expect(await merged("Cargo.toml", [text("1.0.0"), text("1.1.0"), text("1.0.5")])).toMatchObject({
      text: text("1.1.0"),
      lower: [{ side: "theirs" }],
    });
  });

  test.each([
    ["README.md", "# Install\nnpm i x@1.0.0 --save\n", "1.0.0", "1.1.0", "1.0.5"],
    ["config.py", "TIMEOUT = 2.0\n", "2.0", "2.5", "9.5"],
    ["Cargo.toml", "[profile]\nopt = 1.0\n", "1.0", "1.5", "2.5"],
  ])("anywhere else, as in %s, they are values like any other", async (path, text, base, ours, theirs) => {
    const sides: Sides = [text, text.replace(base, ours), text.replace(base, theirs)];
    expect((await merged(path, sides))?.text).toBeUndefined();
  });
});

describe("lock files", () => {
  const crate = (name: string, ...needs: string[]): string => {
    const list = needs.length === 0 ? "" : `dependencies = [\n${needs.map((need) => ` "${need}",\n`).join("")}]\n`;
    return `[[package]]\nname = "${name}"\nversion = "0.1.0"\n${list}`;
  };
  const cargo = (...crates: string[]): string => ["version = 3\n", ...crates].join("\n");

  test("are merged by package", async () => {
    const sides: Sides = [cargo(crate("a")), cargo(crate("a"), crate("b")), cargo(crate("a"), crate("c"))];
    const text = (await merged("Cargo.lock", sides))?.text;
    for (const name of ["a", "b", "c"]) expect(text).toContain(crate(name));
  });

  test("are left to a person where one side took out what the other needs now", async () => {
    const sides: Sides = [
      cargo(crate("app", "old"), crate("lib"), crate("old")),
      cargo(crate("app", "new"), crate("lib"), crate("new")),
      cargo(crate("app", "old"), crate("lib", "old"), crate("old")),
    ];
    expect((await merged("Cargo.lock", sides))?.text).toBeUndefined();
  });

  test("are left to a person where an entry would get another version than either side gave it", async () => {
    const npm = (packages: object): string => `${JSON.stringify({ lockfileVersion: 3, packages }, null, 2)}\n`;
    const one = { version: "1.0.0" };
    const needsB = { version: "1.0.0", dependencies: { b: "^1.0.0" } };
    const sides: Sides = [
      npm({ "node_modules/b": one, "node_modules/x": needsB }),
      npm({
        "node_modules/aa": { version: "1.0.0", dependencies: { b: "^2.0.0" } },
        "node_modules/b": { version: "2.0.0" },
        "node_modules/x": needsB,
        "node_modules/x/node_modules/b": one,
      }),
      npm({ "node_modules/ac": needsB, "node_modules/b": one, "node_modules/x": needsB }),
    ];
    expect((await merged("package-lock.json", sides))?.text).toBeUndefined();
  });
});

describe("neighbouring lines", () => {
  const sides: Sides = ["1\n2\n3\n", "A\n2\n3\n", "1\nB\n3\n"];

  test("are a conflict unless the operator allows it", async () => {
    expect((await merged("a.txt", sides))?.text).toBeUndefined();
    expect(await merged("a.txt", sides, { adjacent_lines: true })).toMatchObject({
      ...{ by: ["adjacent_lines"], text: "A\nB\n3\n" },
    });
  });

  test("the same line is never one", async () => {
    expect((await merged("a.txt", ["1\n2\n", "A\n2\n", "B\n2\n"], { adjacent_lines: true }))?.text).toBeUndefined();
  });
});

describe("what is no pair of texts", () => {
  test.each<[string, string]>([
    ["binary content", "\0a"],
    ["another encoding", Buffer.from([0x80, 0x81]).toString("latin1")],
  ])("%s is left to a person whole", async (_, content) => {
    const result = await merged("a.bin", ["x\n", content, "y\n"]);
    expect(result?.text).toBeUndefined();
  });

  test("carriage returns stay as they are", async () => {
    const sides: Sides = [
      "import a from 'a';\r\n",
      "import a from 'a';\r\nimport b from 'b';\r\n",
      "import a from 'a';\r\nimport c from 'c';\r\n",
    ];
    expect((await merged("a.ts", sides))?.text).toBe(
      "import a from 'a';\r\nimport b from 'b';\r\nimport c from 'c';\r\n",
    );
  });
});

describe("the gate behind every merge", () => {
  const file = async (path: string, texts: string[]) => {
    const [base, ours, theirs, result] = await Promise.all(
      texts.map(async (text) => ({ mode: "100644", blob: await ports.repository.writeBlob(text) })),
    );
    if (result === undefined) throw new Error("four versions are needed");
    return gate(ports, { path, base, ours, theirs, merged: result });
  };
  const one = "export function a() {}\n";
  const two = "export function a() {}\nexport function b() {}\n";

  test("lets a sound file pass", async () => {
    expect(await file("a.ts", [one, two, one, two])).toBeUndefined();
  });

  test("stops what does not parse any more, and what is declared twice", async () => {
    expect(await file("a.ts", [one, two, one, "export function a( {\n"])).toMatchObject({ why: /merged one does not/ });
    expect(await file("a.ts", [one, two, two, `export function b() {}\n${two}`])).toMatchObject({
      twice: { symbol: "b", line: 3, first: 1 },
    });
    expect(await file("a.json", ["{}", '{"a":1}', '{"b":1}', '{"a":1,"a":2}'])).toBeDefined();
  });

  test("has no say where a version did not parse before", async () => {
    expect(await file("a.ts", ["export function a( {\n", two, one, "export function a( {\n"])).toBeUndefined();
  });

  test("knows overloads, setters and a type beside a value of one name", async () => {
    const overloads = "function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: unknown) {}\n";
    expect(await file("a.ts", [overloads, overloads, `${overloads}g();\n`, `${overloads}g();\n`])).toBeUndefined();
    expect(
      await file("b.ts", [
        "x();\n",
        "type T = 1;\nx();\n",
        "x();\nconst T = 1;\n",
        "type T = 1;\nx();\nconst T = 1;\n",
      ]),
    ).toBeUndefined();
  });
});
