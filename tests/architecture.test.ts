/** The shape of the source, held by tests: who may import whom, which packages where, how files are named, how long they are. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { PHASES } from "../src/core/model/phase.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PHASE_FOLDERS = ["0-knowledge", "1-decompose", "2-dependency", "3-batch", "4-execute", "5-aggregate"];
const MAX_LINES = 300;

interface Rule {
  /** layers whose files it may import; `own` is its own folder */
  layers: string[];
  /** packages by the beginning of their names; `any` leaves the choice to the layer, save what others have for themselves */
  packages: string[] | "any";
}

const CORE = ["model", "ports", "boundary"];
/** What the rooms of a run are built on: the phases, which know nothing of each other or of a run. */
const STEPS = [...CORE, "workflow", ...PHASE_FOLDERS.map((_, number) => `phase-${number}`)];
/** The rooms of a run, in their order: each may import those before it. */
const ROOMS = ["run", "planning", "requests", "runner"];
/** All that may be seen of the core from outside: its operations, and the artefacts that they take and give. */
const DOOR = ["model", "orchestrator"];

/** The import rule (docs/architecture.md). */
const RULES: Record<string, Rule> = {
  model: { layers: ["model"], packages: ["zod"] },
  ports: { layers: ["model", "ports"], packages: [] },
  boundary: { layers: CORE, packages: [] },
  code: { layers: ["model", "ports", "own"], packages: ["graphology"] },
  workflow: { layers: [...CORE, "own"], packages: [] },
  "phase-0": { layers: [...CORE, "own"], packages: ["tokenx"] },
  "phase-1": { layers: [...CORE, "own", "code"], packages: ["graphology", "picomatch"] },
  "phase-2": { layers: [...CORE, "own", "code"], packages: ["graphology"] },
  "phase-3": { layers: [...CORE, "own"], packages: ["graphology"] },
  "phase-4": { layers: [...CORE, "own"], packages: ["p-limit"] },
  "phase-5": { layers: [...CORE, "own", "code"], packages: [] },
  run: { layers: [...STEPS, "own"], packages: [] },
  planning: { layers: [...STEPS, "run", "own"], packages: [] },
  requests: { layers: [...STEPS, "run", "planning", "own"], packages: [] },
  runner: { layers: [...STEPS, "run", "planning", "requests", "own"], packages: [] },
  orchestrator: { layers: [...STEPS, ...ROOMS], packages: [] },
  adapters: { layers: [...CORE, "own"], packages: "any" },
  tools: { layers: [...DOOR, "tools"], packages: ["zod"] },
  mcp: { layers: [...DOOR, "tools", "mcp"], packages: "any" },
  cli: { layers: [...DOOR, "cli", "compose"], packages: "any" },
  "entry.ts": { layers: ["version", "cli.ts"], packages: [] },
  "cli.ts": { layers: ["model", "cli", "compose", "version"], packages: "any" },
  "server.ts": { layers: ["model", "mcp", "compose", "version"], packages: "any" },
  compose: { layers: [...STEPS, ...ROOMS, "orchestrator", "adapters"], packages: "any" },
  version: { layers: [], packages: "any" },
};
/** Packages that belong to one place. */
const RESERVED: Record<string, string[]> = {
  "@modelcontextprotocol/": ["mcp"],
  graphology: ["code", "phase-1", "phase-2", "phase-3"],
  "p-limit": ["phase-4"],
  commander: ["cli", "cli.ts"],
};

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => /\.(ts|mts|cts|tsx|mjs)$/.test(file) && !file.includes("/fixtures/"))
    .sort();
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The layer of a file or folder below src, or undefined when the design knows no such place. */
function layerOf(path: string): string | undefined {
  const [, top = "", second = "", third] = path.split("/");
  if (top === "entry.ts" || top === "cli.ts" || top === "server.ts") return top;
  if (top === "compose.ts" || top === "version.ts") return top.slice(0, -3);
  if (top === "core" && third === undefined && second.endsWith(".ts"))
    return second === "orchestrator.ts" ? "orchestrator" : undefined;
  if (top === "core" && PHASE_FOLDERS.includes(second)) return `phase-${second[0]}`;
  if (top === "core")
    return ["model", "ports", "boundary", "code", "workflow", ...ROOMS].includes(second) ? second : undefined;
  return ["adapters", "tools", "mcp", "cli"].includes(top) ? top : undefined;
}

/** The folder that `own` means: `src/adapters/git`, `src/core/2-dependency`, `src/core/code`. */
function homeOf(path: string): string {
  return path.split("/").slice(0, 3).join("/");
}

/** Everything a file imports, exports from, or loads at run time; comments left out. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found = code.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'`]([^"'`\s,;{}|)]+)["'`]/g);
  return [...found].map((match) => match[1] ?? "");
}

function isAllowedFile(file: string, target: string): boolean {
  const [layer = "", other] = [layerOf(file), layerOf(target)];
  const layers = RULES[layer]?.layers ?? [];
  if (other === undefined) return false;
  if (layers.includes("own") && homeOf(file) === homeOf(target)) return true;
  if (other === "compose" && layer === "mcp") return posix.basename(file).startsWith("serve");
  return layers.includes(other);
}

function isAllowedPackage(file: string, name: string): boolean {
  const layer = layerOf(file) ?? "";
  const owners = Object.entries(RESERVED).find(([start]) => name.startsWith(start))?.[1];
  if (owners !== undefined) return owners.includes(layer) && !isBuiltin(name);
  const packages = RULES[layer]?.packages ?? [];
  return packages === "any" || packages.some((start) => name === start || name.startsWith(`${start}-`));
}

function forbiddenImports(file: string, text: string): string[] {
  return importsOf(text).filter((name) => {
    if (!name.startsWith(".")) return !isAllowedPackage(file, name);
    return !isAllowedFile(file, posix.join(posix.dirname(file), name));
  });
}

/** Every file from which `from` can be reached that `from` itself reaches: a circle, `import type` counted like every other import. */
function circleFrom(from: string, imports: Map<string, string[]>): string[] | undefined {
  const seen = new Map<string, string>();
  const pending = [from];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const target of imports.get(at) ?? []) {
      if (target === from) return pathTo(at, from, seen);
      if (seen.has(target)) continue;
      seen.set(target, at);
      pending.push(target);
    }
  }
  return undefined;
}

function pathTo(end: string, from: string, before: Map<string, string>): string[] {
  const path = [end];
  for (let at = before.get(end); at !== undefined && at !== from; at = before.get(at)) path.unshift(at);
  return end === from ? [from] : [from, ...path];
}

function importMap(texts: Map<string, string>): Map<string, string[]> {
  const inside = (file: string, name: string): string[] =>
    name.startsWith(".") ? [posix.join(posix.dirname(file), name)] : [];
  return new Map([...texts].map(([file, text]) => [file, importsOf(text).flatMap((name) => inside(file, name))]));
}

const SOURCES = filesBelow("src");
const TESTS = filesBelow("tests");

describe("the import table", () => {
  test.each(SOURCES)("%s imports only what its layer may", (file) => {
    expect({ known: layerOf(file) !== undefined, forbidden: forbiddenImports(file, textOf(file)) }).toEqual({
      known: true,
      forbidden: [],
    });
  });

  test("would notice every kind of breach", () => {
    const breaches: [file: string, line: string][] = [
      ["src/core/model/task.ts", 'import { x } from "../ports/clock.ts";'],
      ["src/core/model/task.ts", 'import { readFileSync } from "node:fs";'],
      ["src/core/ports/clock.ts", 'import { z } from "zod";'],
      ["src/core/boundary/scope.ts", 'export * from "../3-batch/plan-batches.ts";'],
      ["src/core/2-dependency/edge.ts", 'import type { X } from "../1-decompose/decompose.ts";'],
      ["src/core/2-dependency/edge.ts", 'import "node:path";'],
      ["src/core/2-dependency/edge.ts", 'import { x } from "../orchestrator.ts";'],
      ["src/core/3-batch/plan.ts", 'import { x } from "../code/facts.ts";'],
      ["src/core/3-batch/plan.ts", 'import limit from "p-limit";'],
      ["src/core/4-execute/run.ts", 'const x = await import("../../adapters/git/git.ts");'],
      ["src/core/orchestrator.ts", 'import {\n  x,\n} from "../adapters/git/git.ts";'],
      ["src/core/orchestrator.ts", 'import { z } from "zod";'],
      ["src/core/workflow/x.ts", 'import { x } from "../1-decompose/decompose.ts";'],
      ["src/core/somewhere/x.ts", 'import { x } from "../model/task.ts";'],
      ["src/core/flat.ts", 'import { x } from "./model/task.ts";'],
      ["src/adapters/git/git.ts", 'import { x } from "../process/run-process.ts";'],
      ["src/adapters/git/git.ts", 'import { x } from "../../core/5-aggregate/integrate.ts";'],
      ["src/adapters/git/git.ts", 'import { Server } from "@modelcontextprotocol/sdk/server/index.js";'],
      ["src/tools/plan.ts", 'import { x } from "../core/3-batch/plan-batches.ts";'],
      ["src/tools/plan.ts", 'import { x } from "../compose.ts";'],
      ["src/tools/plan.ts", 'import { x } from "node:fs";'],
      ["src/tools/plan.ts", 'import { x } from "../core/planning/plan-run.ts";'],
      ["src/tools/plan.ts", 'import type { X } from "../core/ports/run-store.ts";'],
      ["src/tools/plan.ts", 'import { x } from "../adapters/git/git.ts";'],
      ["src/mcp/create.ts", 'import { x } from "../compose.ts";'],
      ["src/mcp/create.ts", 'import { x } from "../cli/render.ts";'],
      ["src/mcp/create.ts", 'import { x } from "../core/run/run-status.ts";'],
      ["src/mcp/create.ts", 'import { x } from "../core/2-dependency/graph-text.ts";'],
      ["src/mcp/create.ts", 'import type { X } from "../core/ports/repository.ts";'],
      ["src/mcp/create.ts", 'import { x } from "../adapters/git/git.ts";'],
      ["src/cli/render.ts", 'import { x } from "@modelcontextprotocol/sdk/types.js";'],
      ["src/cli/render.ts", 'import { x } from "../mcp/call-tool.ts";'],
      ["src/cli/render.ts", 'import { x } from "../tools/get-run.ts";'],
      ["src/cli/render.ts", 'import { x } from "../core/3-batch/gantt/chart.ts";'],
      ["src/cli/render.ts", 'import { x } from "../core/requests/next-step.ts";'],
      ["src/cli/render.ts", 'import type { X } from "../core/ports/orchestrator-ports.ts";'],
      ["src/cli/render.ts", 'import { x } from "../adapters/git/git.ts";'],
      ["src/cli.ts", 'import { x } from "./core/orchestrator.ts";'],
      ["src/cli.ts", 'import { x } from "./adapters/run-store/storage-error.ts";'],
      ["src/server.ts", 'import { x } from "./core/run/live-runs.ts";'],
      ["src/compose.ts", 'import { x } from "./cli/render.ts";'],
      ["src/core/runner/merge-run.ts", 'import { x } from "../../server.ts";'],
      ["src/core/runner/merge-run.ts", 'import { x } from "../orchestrator.ts";'],
      ["src/core/run/life.ts", 'import type { X } from "../planning/plan-run.ts";'],
      ["src/core/planning/plan-run.ts", 'import type { X } from "../requests/add-tasks.ts";'],
      ["src/core/requests/add-tasks.ts", 'import type { X } from "../runner/merge-run.ts";'],
      ["src/core/5-aggregate/merge/integrate.ts", 'import type { X } from "../../run/life.ts";'],
    ];
    const unnoticed = breaches.filter(([file, line]) => forbiddenImports(file, line).length !== 1);
    expect(unnoticed).toEqual([]);
  });

  test("lets pass what the table allows", () => {
    const allowed: [file: string, line: string][] = [
      ["src/core/model/task.ts", 'import { z } from "zod";\nimport { x } from "./duration.ts";'],
      ["src/core/1-decompose/a.ts", 'import { x } from "../code/facts.ts";\nimport { y } from "./read/b.ts";'],
      ["src/core/2-dependency/a.ts", 'import { x } from "graphology-dag/topological-sort.js";'],
      ["src/adapters/git/git.ts", 'import { x } from "./parts/x.ts";\nimport { simpleGit } from "simple-git";'],
      ["src/mcp/serve-stdio.ts", 'import { x } from "../compose.ts";'],
      [
        "src/tools/plan.ts",
        'import type { X } from "../core/orchestrator.ts";\nimport { y } from "../core/model/task.ts";',
      ],
      ["src/cli/render.ts", 'import type { X } from "../core/orchestrator.ts";\nimport { y } from "../compose.ts";'],
      ["src/server.ts", 'import { x } from "./mcp/serve-stdio.ts";\nimport { y } from "./compose.ts";'],
      ["src/core/model/task.ts", '/** as in `import { x } from "node:fs"` */\n// from "node:os"'],
    ];
    expect(allowed.flatMap(([file, lines]) => forbiddenImports(file, lines))).toEqual([]);
  });
});

describe("circles of imports, types counted", () => {
  test("there are none", () => {
    const imports = importMap(new Map(SOURCES.map((file) => [file, textOf(file)])));
    expect(SOURCES.flatMap((file) => circleFrom(file, imports)?.join(" -> ") ?? [])).toEqual([]);
  });

  test("would be noticed, by `import type` alone too", () => {
    const texts = new Map([
      ["src/a.ts", 'import type { B } from "./b.ts";'],
      ["src/b.ts", 'export { c } from "./c.ts";'],
      ["src/c.ts", 'import { a } from "./a.ts";'],
      ["src/d.ts", 'import { a } from "./a.ts";'],
    ]);
    const imports = importMap(texts);
    expect(circleFrom("src/a.ts", imports)).toEqual(["src/a.ts", "src/b.ts", "src/c.ts"]);
    expect(circleFrom("src/d.ts", imports)).toBeUndefined();
  });
});

describe("the specification's phases", () => {
  test("are the six folders of src/core that begin with a number", () => {
    const numbered = readdirSync(join(ROOT, "src/core")).filter((name) => /^\d/.test(name));
    expect(numbered.sort()).toEqual(PHASE_FOLDERS);
  });

  test("have the numbers and names of the specification's phase ids", () => {
    expect(PHASES.map((id) => id.replace("phase_", "").replace("_", "-"))).toEqual(PHASE_FOLDERS);
  });
});

describe("every source file", () => {
  test.each(SOURCES)("%s opens with a sentence that says why it exists", (file) => {
    expect(textOf(file)).toMatch(/^(#!.*\n)?\/\*\*\s+[^\s*]/);
  });

  test(`has at most ${MAX_LINES} lines`, () => {
    const lengths = SOURCES.map((file) => ({ file, lines: textOf(file).split("\n").length - 1 }));
    expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });

  test("is named in kebab-case, and not after a drawer for odds and ends", () => {
    const drawers = /(^|-)(utils?|helpers?|types|managers?|misc|common|shared)(-|$)/;
    const bad = [...SOURCES, ...TESTS].filter((file) => {
      const name = posix.basename(file).replace(/(\.(test|contract|samples|processes|d))*\.\w+$/, "");
      return drawers.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
    });
    expect(bad).toEqual([]);
  });
});

test("no test replaces a module by a fake one", () => {
  const calls = ["mock", "doMock", "spyOn"].map((name) => `vi.${name}(`);
  expect(TESTS.filter((file) => calls.some((call) => textOf(file).includes(call)))).toEqual([]);
});
