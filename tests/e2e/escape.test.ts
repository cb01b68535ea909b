/** The escape suite: every route out of a task's boundary, walked by a real process, at both levels; and legitimate work that must not be stopped. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/core/model/report.ts";
import { ROUTES, routeTable } from "../rig/escape/escape-routes.ts";
import { LEGITIMATE } from "../rig/escape/legitimate-work.ts";
import { CHECKED, FILES, type Outcome, type Route, SCOPE, type Targets } from "../rig/escape/route.ts";
import { few, seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { SANDBOX } from "../rig/sandbox.ts";
import { attempt, type Step, write } from "../rig/steps.ts";

const IS_ROOT = process.getuid?.() === 0;
const TEST_TIMEOUT = 400_000;

/** Of each task its own: what is in the base already is no change. */
const good = (id: string): Step => write("src/a.txt", `${id}\n`);

/** Somebody else's folder, socket, port and process, gone when the test ends. */
async function targetsOf(rig: Rig): Promise<Targets & AsyncDisposable> {
  const elsewhere = mkdtempSync(join(tmpdir(), "forkjoin-elsewhere-"));
  const home = join(rig.folder, "user");
  mkdirSync(join(home, ".ssh"));
  rig.file("user/.ssh/id", "secret");
  rig.file("user/.ssh/tool", "#!/bin/sh\n", 0o755);
  writeFileSync(join(elsewhere, "secret"), "secret\n");
  Object.assign(rig.env, { RIG_FOLDER: rig.folder, RIG_PORT: String(rig.control.port), PASSED: elsewhere });
  const server = createServer((socket) => socket.destroy());
  const socket = join(rig.folder, "service.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    ...{ repository: rig.repository, home, elsewhere, state: rig.home, socket, port: rig.control.port },
    pid: process.pid,
    async [Symbol.asyncDispose]() {
      server.close();
      rmSync(elsewhere, { recursive: true, force: true });
    },
  };
}

/** One task per route: it attacks at its first attempt and only works at its second. */
async function walk(rig: Rig, routes: Route[], targets: Targets, parallel: number): Promise<Report> {
  rig.script(
    Object.fromEntries(
      routes.map((route) => [route.id, [[good(route.id), attempt(...route.steps(targets))], [good(route.id)]]]),
    ),
  );
  const tasks = routes.map(({ id, network, checked, agent: named }) => {
    const agent = network === false ? "offline" : (named ?? "scripted");
    return { id, files: SCOPE, agent, ...(checked === true ? { checks: ["planted"] } : {}) };
  });
  const answer = await rig.run(rig.tasks(...tasks), "--max-parallel", String(parallel));
  return answer.report;
}

function outcomeOf(
  route: Route,
  { rig, report, targets }: { rig: Rig; report: Report; targets: Targets },
): Outcome | string {
  const task = report.tasks.find(({ task_id }) => task_id === route.id);
  if (task?.status !== "success") return `its task ended as ${task?.status}: ${task?.error?.message}`;
  const read = (name: string): string => {
    const file = join(rig.folder, `${name}-${route.id}-1.log`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  const [refused, done] = [read("refused"), read("done")];
  if (refused === "" && done === "") return "it was never tried";
  const leaked = route.leaked?.(targets) ?? false;
  const told = task.attempts > 1 ? rig.briefOf(route.id, 2) : "";
  if (told.includes("undone") && !leaked) return "undone";
  if (told.includes("scope_violation")) return leaked ? "unseen" : expectKept(route, told, { rig, report });
  if (told.includes("limit_exceeded") && !leaked) return "detected";
  if (told.includes("check_failed") && !leaked) return "blocked";
  if (task.attempts > 1) return `it was told ${told}`;
  if (task.notes !== undefined) return "noted";
  if (done === "") return "blocked";
  return !leaked && (route.leaked !== undefined || route.sandboxed === "contained") ? "contained" : "unseen";
}

/** What was detected was told by path and rule, is kept, and is not in what landed. */
function expectKept(route: Route, told: string, { rig, report }: { rig: Rig; report: Report }): Outcome {
  if (route.told !== undefined) expect(told).toContain(`- ${route.told}`);
  if (route.unkept !== true) expect(rig.ownRefs()).toContain(`refs/forkjoin/${report.run_id}/rejected/${route.id}/1`);
  return "detected";
}

function ofThisMachine(routes: Route[]): Route[] {
  const left = routes.filter((route) => route.root === true && !IS_ROOT);
  if (left.length > 0) console.warn(`skipped, as they need root: ${left.map(({ id }) => id).join(", ")}`);
  return routes.filter((route) => !left.includes(route));
}

const PLANTED = { command: ["sh", "-c", `[ ! -e ${CHECKED} ] || sh ${CHECKED}`] };
const CONFIG = {
  checks: { planted: PLANTED },
  same_file: "optimistic",
  conflict_resolution: "first_wins",
  failure_handling: "isolate_and_continue",
  limits: { file_mb: 10, changes_mb: 20, files: 300, depth: 40, memory_mb: 3_000 },
};

async function prepared(sandbox: string): Promise<Rig> {
  const rig = await Rig.create({ files: FILES, config: { ...CONFIG, sandbox } });
  const scripted = rig.scriptedAgent("1min");
  const passing = { ...scripted, env: ["RIG_FOLDER", "RIG_PORT", "PASSED"], writable: [rig.folder] };
  const offline = { ...scripted, network: sandbox === "off" ? undefined : false };
  rig.configure({ agents: { scripted, offline, passing } });
  return rig;
}

/** The page with the table as the routes say it now. */
function withTable(page: string): string {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith("| route "));
  const count = lines.slice(first).findIndex((line) => !line.startsWith("|"));
  lines.splice(first, count, ...routeTable().split("\n"));
  return lines.join("\n");
}

describe("a route out of the boundary", () => {
  test.skipIf(!SANDBOX.works)(
    "is closed by the sandbox, or found by the verification",
    async () => {
      await using rig = await prepared("required");
      await using targets = await targetsOf(rig);
      const routes = few(20, ofThisMachine(ROUTES));
      const report = await walk(rig, routes, targets, 8);
      const found = Object.fromEntries(routes.map((route) => [route.id, outcomeOf(route, { rig, report, targets })]));
      expect(found).toEqual(Object.fromEntries(routes.map((route) => [route.id, route.sandboxed])));
      expect(report.tasks.every(({ boundary }) => boundary === "sandboxed")).toBe(true);
      rig.expectNothingLeft();
    },
    TEST_TIMEOUT,
  );

  test(
    "in the workspace is found by the verification alone, and elsewhere as the page says",
    async () => {
      await using rig = await prepared("off");
      await using targets = await targetsOf(rig);
      const routes = few(10, ofThisMachine(ROUTES.filter((route) => !route.alone && route.harmful !== true)));
      const report = await walk(rig, routes, targets, 8);
      const found = Object.fromEntries(routes.map((route) => [route.id, outcomeOf(route, { rig, report, targets })]));
      expect(found).toEqual(Object.fromEntries(routes.map((route) => [route.id, route.verified])));
      expect(report.tasks.every(({ boundary }) => boundary === "verified")).toBe(true);
      const landed = report.tasks.flatMap(({ result }) => result?.files ?? []);
      expect(landed.filter((path) => path !== "src/a.txt" && path !== CHECKED)).toEqual([]);
      rig.expectNothingLeft();
    },
    TEST_TIMEOUT,
  );

  seldom(
    "into the user's repository is undone, noted or unseen without a sandbox, as the page says",
    async () => {
      await using rig = await prepared("off");
      await using targets = await targetsOf(rig);
      const routes = ROUTES.filter((route) => route.alone);
      const report = await walk(rig, routes, targets, 1);
      const found = Object.fromEntries(routes.map((route) => [route.id, outcomeOf(route, { rig, report, targets })]));
      expect(found).toEqual(Object.fromEntries(routes.map((route) => [route.id, route.verified])));
      rig.git("branch", "-D", "evil", "packed");
      rig.git("tag", "-d", "evil");
      rig.git("update-ref", "-d", "refs/stash");
      rig.git("update-index", "--no-assume-unchanged", "src/b.txt");
      rig.git("clean", "-fdq");
      rig.git("checkout", "--", ".");
      rig.photograph();
    },
    TEST_TIMEOUT,
  );

  test("stands in docs/security.md with what each level does about it", () => {
    const file = fileURLToPath(new URL("../../docs/security.md", import.meta.url));
    // `npm run docs:routes` writes it.
    if (process.env.FORKJOIN_WRITE_DOCS === "1") writeFileSync(file, withTable(readFileSync(file, "utf8")));
    const page = readFileSync(file, "utf8");
    const rows = (text: string): string[] => {
      const lines = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
      return lines.filter((cells) => cells.length === 5 && !cells[1]?.startsWith("-")).map((cells) => cells.join("|"));
    };
    expect(rows(page)).toEqual(rows(routeTable()));
  });
});

describe("legitimate work", () => {
  const levels = SANDBOX.works ? ["required", "off"] : ["off"];
  test.each(few(1, levels))(
    "raises no false alarm with sandbox: %s",
    async (sandbox) => {
      await using rig = await prepared(sandbox);
      const entries = Object.entries(LEGITIMATE);
      rig.script(Object.fromEntries(entries.map(([id, { steps }]) => [id, steps])));
      const { report } = await rig.run(
        rig.tasks(...entries.map(([id, { files }]) => ({ id, files }))),
        "--max-parallel",
        "8",
      );
      const found = report.tasks.map(({ task_id, status, attempts, result, error }) => [
        ...[task_id, status, attempts],
        error?.message ?? result?.files,
      ]);
      expect(found).toEqual(entries.map(([id, { lands }]) => [id, "success", 1, lands]));
      rig.expectNothingLeft();
    },
    TEST_TIMEOUT,
  );
});
