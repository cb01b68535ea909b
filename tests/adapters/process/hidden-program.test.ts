/** What is said of a program that the sandbox hides names a folder that can be shown, and limits that nothing holds are told by key. */
import { expect, test } from "vitest";
import { unlimitedUnder } from "../../../src/adapters/process/enclosed.ts";
import { hiddenProblem, placesProblem } from "../../../src/adapters/process/hidden-program.ts";
import type { Sandbox } from "../../../src/core/ports/sandbox.ts";

const AGENT = { command: ["x"], env: [], timeout: "1min" };

/** A sandbox that hides `file`, and shows nothing that `closed` holds. */
function hiding(file: string, closed: string[], works = true): Sandbox {
  return {
    probe: () => (works ? { works, version: "1" } : { works, why: "it is not there", cure: "install it" }),
    enclose: ({ command }) => command,
    missing: () => [file],
    placeProblem: (path) => (closed.includes(path) ? "is closed" : undefined),
    unlimited: () => [{ key: "processes", why: "root" }],
  };
}

test.each([
  ["its folder", [], "hidden by the sandbox: add `show: [/home/me/opt]`"],
  ["the file alone, where its folder is a whole home", ["/home/me/opt"], "add `show: [/home/me/opt/agent]`"],
  ["no place at all, where neither can be shown", ["/home/me/opt", "/home/me/opt/agent"], "move it to a folder that"],
])("the cure names %s", (_, closed, hint) => {
  const problem = hiddenProblem(["x"], AGENT, hiding("/home/me/opt/agent", closed));
  expect(problem?.hint).toContain(hint);
  expect(problem?.message).toBe('"/home/me/opt/agent" is hidden by the sandbox');
});

test("a folder that cannot be shown or granted is named by its key, its place and its value", () => {
  const sandbox = hiding("", ["/home/me"]);
  const show = placesProblem("agents.a", { ...AGENT, show: ["/srv", "/home/me"] }, sandbox);
  expect(show?.message).toBe('agents.a.show[1]: "/home/me" is closed');
  const writable = placesProblem("checks.c", { ...AGENT, writable: ["/home/me"] }, sandbox);
  expect(writable?.message).toBe('checks.c.writable[0]: "/home/me" is closed');
});

test("without a sandbox no limit of processes and memory is held; with one, what it says", () => {
  const limits = { processes: 5, memory_mb: 100 };
  const keys = (mode: "auto" | "off", works: boolean): string[] =>
    unlimitedUnder(mode, limits, hiding("", [], works)).map(({ key }) => key);
  expect([keys("off", true), keys("auto", false), keys("auto", true)]).toEqual([
    ["processes", "memory_mb"],
    ["processes", "memory_mb"],
    ["processes"],
  ]);
});
