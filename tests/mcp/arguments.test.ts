/** Calls as models write them: what is plain is understood and said, what is not is refused with the name or the form that was meant. */
import { expect, test } from "vitest";
import { wireTool } from "../../src/mcp/wire-tool.ts";
import { readArguments } from "../../src/tools/arguments/read-arguments.ts";
import { Schema } from "../../src/tools/arguments/schema.ts";
import { coreTools } from "../../src/tools/index.ts";

const ROOT = "/home/ada/shop";

function read(name: string, given: unknown) {
  const tool = coreTools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(name);
  const schema = Schema.parse(wireTool(tool).inputSchema);
  return readArguments({ name, schema }, given, { roots: [ROOT], newestRun: () => "run-9" });
}

interface Row {
  tool: string;
  given: unknown;
  meant: Record<string, unknown>;
}

const task = { id: "cart", description: "Round the totals", files: ["src/cart.ts"] };

const UNDERSTOOD: Row[] = [
  { tool: "get_run", given: { runId: "run-1" }, meant: { run_id: "run-1" } },
  { tool: "get_run", given: { id: "run-1" }, meant: { run_id: "run-1" } },
  { tool: "get_run", given: { "run-id": "run://run-1/report" }, meant: { run_id: "run-1" } },
  { tool: "get_run", given: { run: "forkjoin/run-1" }, meant: { run_id: "run-1" } },
  { tool: "get_run", given: { run_id: "latest" }, meant: { run_id: "run-9" } },
  { tool: "get_run", given: '{"run_id": "run-1"}', meant: { run_id: "run-1" } },
  { tool: "get_run", given: { include: "tasks, report" }, meant: { include: ["tasks", "report"] } },
  { tool: "get_run", given: { include: '["Plan"]' }, meant: { include: ["plan"] } },
  { tool: "get_run", given: { include: ["task"], page: "2" }, meant: { include: ["tasks"], page: 2 } },
  { tool: "get_run", given: { run_id: "run-1", wait: 300 }, meant: { run_id: "run-1", wait_seconds: 45 } },
  { tool: "plan_batches", given: { id: "r", maxParallel: "3" }, meant: { run_id: "r", max_parallel: 3 } },
  { tool: "plan_batches", given: { run_id: "r", mode: "Stream" }, meant: { run_id: "r", mode: "streaming" } },
  { tool: "execute_batch", given: { run_id: "r", batch: "batch 2" }, meant: { run_id: "r", batch_id: 2 } },
  { tool: "execute_batch", given: { run_id: "r", batch_id: "All" }, meant: { run_id: "r", batch_id: "all" } },
  { tool: "execute_batch", given: { run_id: "r", batch_id: "next" }, meant: { run_id: "r" } },
  { tool: "submit_task", given: { token: "l", status: "Completed" }, meant: { lease: "l", outcome: "done" } },
  {
    tool: "resolve_conflict",
    given: { run_id: "r", id: "c", decision: "approve" },
    meant: { run_id: "r", conflict_id: "c", choice: "grant" },
  },
  {
    tool: "claim_task",
    given: { run_id: "r", id: "cart", include_content: "true" },
    meant: { run_id: "r", task_id: "cart", include_content: true },
  },
  {
    tool: "extend_scope",
    given: { lease: "l", file: `${ROOT}/src/`, why: "types" },
    meant: { lease: "l", files: ["src/**"], reason: "types" },
  },
  { tool: "aggregate_results", given: { run_id: "r", validate: "test" }, meant: { run_id: "r", validate: ["test"] } },
];

test.each(UNDERSTOOD)("$tool $given", ({ tool, given, meant }) => {
  const answer = read(tool, given);
  expect(answer).toMatchObject({ ok: true, value: { arguments: meant } });
  expect(answer.ok && answer.value.notes.length > 0).toBe(typeof given !== "string");
});

const TASKS: { what: string; given: unknown; meant: Record<string, unknown> }[] = [
  { what: "order under another name", given: { ...task, dependencies: "base" }, meant: { depends_on: ["base"] } },
  {
    what: "camel case",
    given: { ...task, dependsOn: [1], riskLevel: "HIGH" },
    meant: { depends_on: ["1"], risk_level: "high" },
  },
  { what: "minutes as a number", given: { ...task, estimated: 12 }, meant: { estimated: "12min" } },
  { what: "minutes in the name", given: { ...task, estimated_minutes: 12 }, meant: { estimated: "12min" } },
  { what: "an ISO duration", given: { ...task, estimated: "PT1H5M" }, meant: { estimated: "1h 5min" } },
  {
    what: "a path with a dot",
    given: { ...task, files: "./src/a.ts, lib/" },
    meant: { files: ["src/a.ts", "lib/**"] },
  },
  { what: "an absolute path inside", given: { ...task, files: [`${ROOT}/src/a.ts`] }, meant: { files: ["src/a.ts"] } },
  { what: "backslashes", given: { ...task, files: ["src\\a.ts"] }, meant: { files: ["src/a.ts"] } },
  { what: "every file below", given: { ...task, files: "src/**/*" }, meant: { files: ["src/**"] } },
  { what: "a number as id", given: { ...task, id: 7 }, meant: { id: "7" } },
  {
    what: "only a title",
    given: { id: "cart", title: "Round", files: [] },
    meant: { title: "Round", description: "Round" },
  },
  { what: "nulls", given: { ...task, agent: null, checks: null }, meant: task },
  { what: "access in other words", given: { ...task, access: "read-only" }, meant: { access: "read_only" } },
];

test.each(TASKS)("a task with $what", ({ given, meant }) => {
  for (const tasks of [[given], JSON.stringify([given]), given, { tasks: [given] }]) {
    const answer = read("decompose_work", { request: "Shop", tasks });
    expect(answer).toMatchObject({ ok: true, value: { arguments: { tasks: [meant] } } });
  }
});

test("an argument that does not exist is refused, with the nearest that does", () => {
  const refused = read("execute_batch", { run_id: "r", dry_run: true, wait_secs: 5 });
  expect(refused).toMatchObject({
    ok: false,
    error: {
      code: "invalid_input",
      problems: [
        { field: "dry_run", fix: expect.stringContaining("leave it out; execute_batch takes run_id") },
        { field: "wait_secs", fix: "call it wait_seconds" },
      ],
    },
  });
  expect(read("get_run", { run_id: "r", runId: "s" })).toMatchObject({ ok: false });
  expect(read("get_run", ["r"])).toMatchObject({ ok: false, error: { code: "invalid_input" } });
});

test("null is absent, also where nothing has that name, and empty sources give way to one that holds something", () => {
  const given = { request: "x", run_id: null, dry_run: null, task_files: [], pattern: {}, tasks: [task] };
  expect(read("decompose_work", given)).toMatchObject({
    ok: true,
    value: { arguments: { request: "x", tasks: [task] }, notes: [] },
  });
});

test("what is written as it should be is left as it is", () => {
  const given = { request: "x", tasks: [{ ...task, depends_on: ["a"], unknown: 1 }], repo: ROOT };
  expect(read("decompose_work", given)).toEqual({ ok: true, value: { arguments: given, notes: [] } });
});
