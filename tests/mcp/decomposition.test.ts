/** decompose_work without tasks, and with a pattern: what a chat client gets to propose good tasks. */
import { expect, test } from "vitest";
import { DecompositionHelp } from "../../src/core/model/decomposition-help.ts";
import { Rig } from "../rig/rig.ts";
import { ChatClient } from "./mcp-client.ts";

const FILES = {
  "package.json": '{"type":"module","scripts":{"test":"node --test"}}',
  "src/auth/login.js": "import { log } from '../log.js';\nexport const login = () => log('in');\n",
  "src/auth/logout.js": "import { log } from '../log.js';\nexport const logout = () => log('out');\n",
  "src/export/csv.js": "import { log } from '../log.js';\nexport const csv = () => log('csv');\n",
  "src/log.js": "export const log = (text) => text;\n",
};

test("without tasks: modules, test commands, at least three partitions with speed-ups, the shape to send; no run begins", async () => {
  await using rig = await Rig.create({ files: FILES });
  await using chat = await ChatClient.connect(rig);
  const help = await chat.call("decompose_work", { request: "Replace the logger" });
  expect(help).toMatchObject({
    test_commands: [{ command: ["npm", "test"], found_in: "package.json" }],
    send: expect.stringContaining("send tasks: [{"),
    looked_at: "all 4 source files: the request names no path",
  });
  const { modules, partitions } = DecompositionHelp.parse(help);
  expect(modules.map(({ module }) => module)).toEqual(["src/auth", "src", "src/export"]);
  expect(partitions.length).toBeGreaterThanOrEqual(3);
  for (const partition of partitions) expect(partition.estimated_speedup).toBeGreaterThan(0);
  expect(await chat.call("get_run", {})).toMatchObject({ runs: [] });
  const [best] = partitions;
  const list = await chat.call("decompose_work", { request: "Replace the logger", pattern: best?.pattern });
  expect(list).toMatchObject({ total_tasks: best?.tasks, next: { tool: "analyze_dependencies" } });
});

test("a pattern with a mistake is an error that shows the right shape", async () => {
  await using rig = await Rig.create({ files: FILES });
  await using chat = await ChatClient.connect(rig);
  const wrong = await chat.call("decompose_work", {
    request: "x",
    pattern: { kind: "file", description: "x", minutes: 90 },
  });
  expect(wrong.error).toMatchObject({ code: "invalid_tasks", message: expect.stringContaining("pattern.minutes") });
  expect(wrong.error?.hint).toContain('send pattern: {"kind": "file"');
  const both = await chat.call("decompose_work", {
    request: "x",
    tasks: [{ description: "Do it", files: ["a.txt"] }],
    pattern: { kind: "file", description: "x" },
  });
  expect(both.error?.message).toBe("give exactly one of tasks, task_files, pattern and workflow");
  const command = { kind: "file", description: "x", command: ["rm", "{file}"] };
  const refused = await chat.call("decompose_work", { request: "x", pattern: command });
  expect(refused.error?.message).toContain("command");
});
