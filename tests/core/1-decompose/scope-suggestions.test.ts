/** What looks odd about scopes comes back with what to send instead, and is never refused. */
import { describe, expect, test } from "vitest";
import { listOf } from "../sample-plan.ts";

const BASE = Object.fromEntries(
  ["src/gateway.ts", "src/logging/log.ts", "src/auth/login.ts", "docs/Guide.md"].map((path) => [path, "100644"]),
);

function suggestions(...tasks: Record<string, unknown>[]) {
  return listOf(
    tasks.map((task) => ({ description: "Change", ...task })),
    { base: BASE },
  ).suggestions;
}

describe("a scope that names nothing", () => {
  test.each([
    ["src/gatway.ts", "src/gateway.ts"],
    ["docs/guide.md", "docs/Guide.md"],
    ["lib/login.ts", "src/auth/login.ts"],
    ["src/loging/**", "src/logging/**"],
    ["src/gatewy.ts#handle", "src/gateway.ts#handle"],
  ])("%s: did you mean %s", (entry, meant) => {
    const [found] = suggestions({ id: "one", files: [entry, "src/auth/login.ts"], category: "modification" });
    expect(found?.message).toContain(`${entry} names no existing`);
    expect(found?.message).toContain(`did you mean ${meant}?`);
    expect(found?.apply).toEqual({ task_id: "one", files: [meant, "src/auth/login.ts"] });
  });

  test("is said once where nothing is near, and not for what a task creates", () => {
    expect(suggestions({ id: "one", files: ["server/**"], category: "modification" })).toEqual([
      { message: "task one: server/** names no existing folder: right if the task is to create it" },
    ]);
    expect(suggestions({ id: "one", files: ["server/main.ts"] })).toEqual([]);
    expect(suggestions({ id: "one", files: ["src/entirely-new.ts", "src/gateway.ts"] })).toEqual([]);
  });
});

test("two tasks on one place are named, with the order that would settle it", () => {
  const tasks = [
    { id: "one", files: ["src/gateway.ts"] },
    { id: "two", files: ["src/**"] },
  ];
  const [found] = suggestions(...tasks);
  expect(found?.message).toMatch(
    /^tasks one and two share a place \(.*src\/gateway\.ts.*\), so they never run side by side/,
  );
  expect(found?.apply).toEqual({ task_id: "two", depends_on: ["one"] });
  expect(suggestions({ ...tasks[0] }, { ...tasks[1], depends_on: ["one"] })).toEqual([]);
});
