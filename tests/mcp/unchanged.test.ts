/** Over MCP as elsewhere: what is as it was in the base is no change, whatever happened meanwhile. */
import { expect, test } from "vitest";
import { z } from "zod";
import { Claim, edit, planned, submit } from "../rig/chat-work.ts";
import { Rig } from "../rig/rig.ts";
import { ChatClient } from "./mcp-client.ts";

test("a claimed task whose file was changed and put back is handed in as no_changes", async () => {
  await using rig = await Rig.create({ config: { agents: {}, default_agent: "client" } });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }]);
  const { claims } = await chat.call("execute_batch", { run_id, batch_id: "all" });
  const [work] = z.array(Claim).parse(claims);
  if (work === undefined) throw new Error("no claim");
  edit(work, "a.txt", "other\n");
  edit(work, "a.txt", "a\n");
  expect(await submit(chat, work)).toMatchObject({ status: "rejected", problem: { code: "no_changes" } });
});
