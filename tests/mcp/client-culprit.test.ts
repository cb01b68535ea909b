/** A culprit whose work the chat client did: after the report the client is told of its extra attempt, and makes it on top of what landed. */
import { expect } from "vitest";
import { z } from "zod";
import { Claim, edit, planned, submit } from "../rig/chat-work.ts";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { ChatClient } from "./mcp-client.ts";

seldom("a culprit of the chat client's gets one more attempt from it, is told the clash, and lands", async () => {
  const command = [
    "sh",
    "-c",
    "if grep -q x a.txt && grep -q x b.txt; then echo 'they do not go together'; exit 1; fi",
  ];
  await using rig = await Rig.create({
    files: { "a.txt": "\n", "b.txt": "\n" },
    config: { agents: {}, default_agent: "client", checks: { apart: { command } }, validate: ["apart"] },
  });
  await using chat = await ChatClient.connect(rig);
  const run_id = await planned(chat, [{ id: "a" }, { id: "b" }]);
  /** Hands in every task that the call hands out, with `text` in its file. Returns their briefs. */
  const work = async (text: string): Promise<string[]> => {
    const started = await chat.call("execute_batch", { run_id, batch_id: "all" });
    const claims = z.array(Claim).parse(started.claims);
    for (const mine of claims) edit(mine, `${mine.task_id}.txt`, text);
    for (const mine of claims) expect(await submit(chat, mine)).toMatchObject({ status: "accepted" });
    return claims.map(({ brief }) => brief);
  };
  expect(await work("x\n")).toHaveLength(2);
  await chat.call("get_run", { run_id, wait_seconds: 45 });
  const first = await chat.call("aggregate_results", { run_id });
  expect(first).toMatchObject({
    report: { final_status: "partial", validation: { culprits: [{ task_id: "b", with: ["a"], repaired: false }] } },
    next: { tool: "execute_batch", arguments: { run_id }, why: expect.stringContaining("hands out b once more") },
  });
  const [brief] = await work("y\n");
  expect(brief).toContain("together with a");
  expect(brief).toContain("they do not go together");
  await chat.call("get_run", { run_id, wait_seconds: 45 });
  const end = await chat.call("aggregate_results", { run_id });
  expect(end).toMatchObject({ report: { final_status: "success", tasks_succeeded: 2 } });
  expect(end.next).toBeUndefined();
  expect(rig.show(`forkjoin/${run_id}`, "b.txt")).toBe("y\n");
});
