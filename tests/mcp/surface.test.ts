/** What a client sees of the server before any work: tools, their size, errors, resources, prompts, and a clean stdout. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";
import { ChatClient } from "./mcp-client.ts";

const ROOT = new URL("../../", import.meta.url);

test("the tools are in the order of the phases, within the context a client can spare", async () => {
  await using rig = await Rig.create();
  await using chat = await ChatClient.connect(rig);
  const { tools } = await chat.client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual([
    "load_knowledge",
    "decompose_work",
    "analyze_dependencies",
    "plan_batches",
    "execute_batch",
    "claim_task",
    "submit_task",
    "extend_scope",
    "aggregate_results",
    "resolve_conflict",
    "get_run",
    "cancel_run",
  ]);
  const visible = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  expect(JSON.stringify(visible).length / 4).toBeLessThan(2_000);
  for (const tool of tools) expect(tool.outputSchema?.required).toEqual(["summary"]);
});

test("--read-only leaves out every tool that starts, merges or ends anything", async () => {
  await using rig = await Rig.create();
  await using chat = await ChatClient.connect(rig, "--read-only");
  const { tools } = await chat.client.listTools();
  expect(tools.map((tool) => tool.name)).toEqual([
    "load_knowledge",
    "decompose_work",
    "analyze_dependencies",
    "plan_batches",
    "get_run",
  ]);
});

test("bad arguments, unknown runs, foreign repositories and files outside come back as errors that heal", async () => {
  await using rig = await Rig.create();
  await using other = await Rig.create();
  await using chat = await ChatClient.connect(rig);
  const missing = await chat.call("plan_batches", {});
  expect(missing.error).toMatchObject({
    code: "invalid_input",
    hint: expect.stringContaining("plan_batches takes run_id, max_parallel, mode, objective, time_budget_ms"),
  });
  const unknown = await chat.call("get_run", { run_id: "nope" });
  expect(unknown.error).toMatchObject({
    code: "unknown_run",
    hint: "there are no runs yet: begin with decompose_work",
  });
  const tasks = [{ description: "x", files: ["a.txt"] }];
  const foreign = await chat.call("decompose_work", { request: "x", repo: other.repository, tasks });
  expect(foreign.error?.hint).toContain(rig.repository);
  const outside = await chat.call("decompose_work", { request: "x", task_files: [rig.tasks({ id: "one" })] });
  expect(outside.error?.message).toContain("is not inside the repository");
  const both = await chat.call("decompose_work", { request: "x", tasks, task_files: ["x.yaml"] });
  expect(both.error?.hint).toContain("send tasks: [{");
  const wrong = await chat.call("decompose_work", { request: "x", tasks: [{ id: "A B", files: ["../x"] }] });
  expect(wrong.error).toMatchObject({ code: "invalid_tasks" });
  expect(await chat.call("get_run", {})).toMatchObject({ runs: [] });
});

test("task files inside the repository are read", async () => {
  await using rig = await Rig.create({
    files: { "a.txt": "a\n", "work/tasks.yaml": "description: Change a\nfiles: [a.txt]\n" },
  });
  await using chat = await ChatClient.connect(rig);
  const list = await chat.call("decompose_work", { request: "x", task_files: ["work/tasks.yaml"] });
  expect(list.tasks).toMatchObject([{ id: "task_001", files: ["a.txt"] }]);
});

test("resources, templates, completion and the prompt", async () => {
  const graph = {
    task_types: {
      bug_fixing: { required_knowledge: ["docs/fix.md"], triggers: ["bug"] },
      docs: { required_knowledge: [], triggers: ["docs"] },
    },
  };
  const files = { "a.txt": "a\n", "docs/fix.md": "How to fix\n", "knowledge_graph.json": JSON.stringify(graph) };
  await using rig = await Rig.create({ files });
  await using chat = await ChatClient.connect(rig);
  const loaded = await chat.call("load_knowledge", { request: "fix the bug in a" });
  expect(loaded).toMatchObject({
    task_detection: { detected_type: "bug_fixing" },
    knowledge: { status: "complete", required: [{ path: "docs/fix.md", uri: "knowledge://files/docs/fix.md" }] },
  });
  const { resources } = await chat.client.listResources();
  expect(resources.map((resource) => resource.uri)).toEqual(["knowledge://graph", `run://${loaded.run_id}`]);
  expect(JSON.parse(await chat.read("knowledge://graph"))).toMatchObject({ task_types: { docs: {} } });
  expect(JSON.parse(await chat.read("knowledge://task-types/bug_fixing"))).toMatchObject({ triggers: ["bug"] });
  expect(await chat.read("knowledge://files/docs/fix.md")).toBe("How to fix\n");
  await expect(chat.read("knowledge://files/../outside")).rejects.toThrow("is not in the knowledge folders");
  await expect(chat.read("knowledge://task-types/constructor")).rejects.toThrow("known task types: bug_fixing, docs");
  const { resourceTemplates } = await chat.client.listResourceTemplates();
  expect(resourceTemplates.map((template) => template.uriTemplate)).toEqual([
    "knowledge://task-types/{task_type}",
    "knowledge://files/{+path}",
    "run://{run_id}",
    "run://{run_id}/dependency-graph/{format}",
    "run://{run_id}/execution-plan/{picture}",
    "run://{run_id}/{artifact}",
    "run://{run_id}/tasks/{task_id}/{part}",
    "run://{run_id}/tasks/{task_id}/files/{+path}",
  ]);
  const ref = { type: "ref/resource" as const, uri: "knowledge://task-types/{task_type}" };
  const completed = await chat.client.complete({ ref, argument: { name: "task_type", value: "bu" } });
  expect(completed.completion.values).toEqual(["bug_fixing"]);
  const prompt = await chat.client.getPrompt({ name: "parallel_orchestration", arguments: { request: "Do it" } });
  expect(JSON.stringify(prompt.messages)).toContain("Do it");
  await expect(chat.client.getPrompt({ name: "parallel_orchestration", arguments: {} })).rejects.toThrow(
    "argument request is missing",
  );
});

test("stdout carries protocol only, also when the input is nonsense", async () => {
  await using rig = await Rig.create();
  const args = [fileURLToPath(new URL("dist/server.js", ROOT)), "--repo", rig.repository, "--config", rig.configFile];
  const env = { PATH: process.env.PATH, HOME: rig.folder, FORKJOIN_HOME: rig.home };
  const server = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  server.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  server.stdin.write("this is no JSON\n");
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } };
  server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  await once(server.stdout, "data");
  server.stdin.end();
  const [code] = await once(server, "exit");
  expect(code).toBe(0);
  const lines = out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).jsonrpc)).toEqual(["2.0"]);
});

test("the entry in mcp.json starts the server once its two paths are filled in", async () => {
  const { mcpServers } = JSON.parse(readFileSync(new URL("mcp.json", ROOT), "utf8"));
  expect(mcpServers.forkjoin).toEqual({
    command: "node",
    args: ["/ABSOLUTE/PATH/TO/forkjoin-mcp/dist/server.js", "--repo", "/ABSOLUTE/PATH/TO/YOUR/REPOSITORY"],
  });
  expect(readFileSync(new URL("README.md", ROOT), "utf8")).toContain(
    JSON.stringify(mcpServers.forkjoin.args).replaceAll(",", ", "),
  );
});
