/** A conflict put to the person behind the chat client, who decides; the model does not. */
import { expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";
import { write } from "../rig/steps.ts";
import { ChatClient } from "./mcp-client.ts";

const BOTH = [
  { id: "a", files: ["a.txt"] },
  { id: "b", files: ["a.txt"] },
];

test("resolve_conflict without a choice asks the user, with both versions, and records the answer", async () => {
  await using rig = await Rig.create({ config: { same_file: "optimistic" } });
  rig.script({ a: [write("a.txt", "A\n")], b: [write("a.txt", "B\n")] });
  const { report } = await rig.run(rig.tasks(...BOTH));
  const questions: string[] = [];
  const answers: (string | undefined)[] = [undefined, "theirs"];
  const chat = await ChatClient.withUser(rig, (question) => {
    questions.push(question);
    return answers.shift();
  });
  try {
    const call = { run_id: report.run_id, conflict_id: "b:a.txt" };
    const unanswered = await chat.call("resolve_conflict", call);
    expect(unanswered.error).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("choice is missing"),
    });
    const decided = await chat.call("resolve_conflict", call);
    expect(decided).toMatchObject({ remaining: [], next: { tool: "execute_batch" } });
    expect(questions[1]).toContain("ours, after a:\nA\n");
    expect(questions[1]).toContain("theirs, by b:\nB\n");
  } finally {
    await chat.client.close();
  }
  const resumed = await rig.resume(report.run_id);
  expect(rig.show(resumed.report.commit, "a.txt")).toBe("B\n");
});

test("a client that cannot ask is told to", async () => {
  await using rig = await Rig.create({ config: { same_file: "optimistic" } });
  rig.script({ a: [write("a.txt", "A\n")], b: [write("a.txt", "B\n")] });
  const { report } = await rig.run(rig.tasks(...BOTH));
  const chat = await ChatClient.connect(rig);
  try {
    const answer = await chat.call("resolve_conflict", { run_id: report.run_id, conflict_id: "b:a.txt" });
    expect(answer.error?.hint).toContain("show both versions to the user");
  } finally {
    await chat.client.close();
  }
});
