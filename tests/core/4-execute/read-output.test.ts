/** What an agent hands back is taken as far as it is what was asked for. */
import { expect, test } from "vitest";
import { outputShape, readOutput } from "../../../src/core/4-execute/read-output.ts";

test("prose is notes where only notes are asked for, and no scope", () => {
  expect(readOutput("The login reads a cookie.", ["notes"])).toEqual({
    ok: true,
    value: { notes: "The login reads a cookie." },
  });
  expect(readOutput("I would change the login.", ["notes", "tasks"])).toMatchObject({
    ok: false,
    error: { code: "invalid_output", message: 'prose was handed back: "I would change the login."' },
  });
});

test("a JSON object is read bare and in a code fence with words around it", () => {
  const object = { notes: "n", tasks: [{ description: "d", files: ["a"] }] };
  const bare = JSON.stringify(object);
  const wrapped = `Here it is:\n\n\`\`\`json\n${JSON.stringify(object, null, 2)}\n\`\`\`\nDone.`;
  for (const text of [bare, wrapped]) expect(readOutput(text, ["notes", "tasks"])).toEqual({ ok: true, value: object });
});

test.each([
  [undefined, "nothing was handed back"],
  ["  \n", "nothing was handed back"],
  ["[1]", "prose was handed back"],
  ['{"passed": "yes"}', "the output's passed"],
  ['{"notes": "n"}', "the output has no passed"],
])("%s is refused, and the hint is the shape to write", (text, message) => {
  const read = readOutput(text, ["passed"]);
  expect(read).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
  expect(read).toMatchObject({ error: { hint: `write exactly one JSON object: ${outputShape(["passed"])}` } });
});

test("a task that owes nothing may hand back notes or nothing", () => {
  expect(readOutput(undefined, [])).toEqual({ ok: true, value: {} });
  expect(readOutput("seen", [])).toEqual({ ok: true, value: { notes: "seen" } });
});
