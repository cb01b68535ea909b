/** A client that subscribes to knowledge is told when it changes on disk, however it is written; and of runs when something happens. */

import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";
import { ChatClient } from "./mcp-client.ts";

/** Resolves with each updated resource in turn. */
function updates(chat: ChatClient): () => Promise<string> {
  const told: string[] = [];
  const waiting: ((uri: string) => void)[] = [];
  chat.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => {
    const next = waiting.shift();
    if (next === undefined) told.push(uri);
    else next(uri);
  });
  return () => {
    const uri = told.shift();
    return uri === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(uri);
  };
}

const GRAPH = { task_types: { docs: { required_knowledge: ["docs/a.md"], triggers: ["docs"] } } };
const FILES = { "knowledge_graph.json": JSON.stringify(GRAPH), "docs/a.md": "one\n" };

test("a file that an editor replaces, and a graph that is removed and made again", async () => {
  await using rig = await Rig.create({ files: FILES });
  await using chat = await ChatClient.connect(rig);
  const next = updates(chat);
  const file = join(rig.repository, "docs/a.md");
  const graph = join(rig.repository, "knowledge_graph.json");
  await chat.client.subscribeResource({ uri: "knowledge://files/docs/a.md" });
  writeFileSync(`${file}.new`, "another\n");
  renameSync(`${file}.new`, file);
  expect(await next()).toBe("knowledge://files/docs/a.md");
  expect(await chat.read("knowledge://files/docs/a.md")).toBe("another\n");
  await chat.client.unsubscribeResource({ uri: "knowledge://files/docs/a.md" });
  await chat.client.subscribeResource({ uri: "knowledge://graph" });
  writeFileSync(file, FILES["docs/a.md"]);
  rmSync(graph);
  expect(await next()).toBe("knowledge://graph");
  writeFileSync(graph, FILES["knowledge_graph.json"]);
  expect(await next()).toBe("knowledge://graph");
});

test("a run, and what cannot be subscribed to", async () => {
  await using rig = await Rig.create({ files: FILES });
  await using chat = await ChatClient.connect(rig);
  const next = updates(chat);
  const { run_id } = await chat.call("load_knowledge", { request: "docs" });
  await chat.client.subscribeResource({ uri: `run://${run_id}` });
  await chat.call("decompose_work", { request: "x", run_id, tasks: [{ description: "x", files: ["docs/a.md"] }] });
  expect(await next()).toBe(`run://${run_id}`);
  for (const uri of ["run://nope", "https://example.org/x"]) {
    await expect(chat.client.subscribeResource({ uri })).rejects.toThrow("cannot be subscribed to");
  }
});
