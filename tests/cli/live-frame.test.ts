/** Frames of the live view: whatever the window and the run, they fit, what runs is in them, and the count is right. */
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { frameOf, type TaskLine, type TaskState } from "../../src/cli/live-frame.ts";
import { notification } from "../../src/cli/notify-terminal.ts";

const NOW = 1_000_000;

function task(id: string, state: TaskState, more: Partial<TaskLine> = {}): TaskLine {
  const started = state === "waiting" || state === "skipped" ? 0 : NOW - 5_000;
  return { id, state, attempt: 1, started, ended: 0, note: "", tokens: 0, ...more };
}

const frame = (tasks: TaskLine[], last = ""): Parameters<typeof frameOf>[0] => {
  return { tasks, last, expected_ms: 180_000, started: NOW - 60_000 };
};

const fifty = Array.from({ length: 51 }, (_, index) => {
  const state = index < 11 ? "success" : index === 11 ? "failed" : index < 17 ? "running" : "waiting";
  return task(`example-locale-number-${index}`, state, {
    note: "said something that is far too long for any window at all",
  });
});

describe.each([
  [80, 24],
  [60, 20],
  [40, 12],
])("51 tasks in a window of %i × %i", (columns, rows) => {
  const drawn = frameOf(frame(fifty, "example-locale-number-3 merged"), { columns, rows, now: NOW });

  test("fit, each on one row", () => {
    expect(drawn.length).toBeLessThan(rows);
    for (const { text } of drawn) expect(stringWidth(text)).toBeLessThan(columns);
  });

  test("show all that runs, then what failed, then what waits", () => {
    expect(drawn.slice(0, 7).map(({ state }) => state)).toEqual([...Array(5).fill("running"), "failed", "waiting"]);
  });

  test("are counted, with what is not shown", () => {
    const said = drawn.filter(({ state }) => state === "count").map(({ text }) => text);
    expect(said).toEqual([
      expect.stringMatching(/^… and \d+ waiting, 11 done$/),
      expect.stringMatching(/^12 of 51 · 5 running · 1 failed/),
    ]);
  });
});

test("a long name keeps both of its ends, and the time stands beside it", () => {
  const [row] = frameOf(frame([task("packages-zod-locales-number-17", "running")]), {
    columns: 50,
    rows: 20,
    now: NOW,
  });
  expect(row?.text).toBe("▶ packages-…number-17       5s");
});

test("attempts, tokens and what the agent said stand on its row, without control characters", () => {
  const one = task("a", "running", { attempt: 2, tokens: 12_400, note: "reads \u001b[31mred\nand goes on" });
  const [row] = frameOf(frame([one]), { columns: 80, rows: 20, now: NOW });
  expect(row?.text).toBe("▶ a       5s  attempt 2 12k tokens reads [31mred and goes on");
});

test("a finished run has no time left, and nothing runs", () => {
  const tasks = [task("a", "success", { ended: NOW }), task("b", "skipped"), task("c", "failed", { ended: NOW })];
  const text = frameOf(frame(tasks), { columns: 80, rows: 20, now: NOW }).at(-1)?.text;
  expect(text).toBe("3 of 3 · 1 failed · 1 skipped · 1min so far");
});

test("any run fits into any window, and each task is shown or counted", () => {
  const states: TaskState[] = ["waiting", "running", "success", "failed", "skipped"];
  const anyTask = fc.record({
    id: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    state: fc.constantFrom(...states),
    note: fc.string({ unit: "grapheme", maxLength: 200 }),
  });
  fc.assert(
    fc.property(
      fc.array(anyTask, { minLength: 1, maxLength: 80 }),
      fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 4, max: 60 }) }),
      (drawn, { columns, rows }) => {
        const tasks = drawn.map(({ id, state, note }) => task(id, state, { note }));
        const shown = frameOf(frame(tasks, "the last event"), { columns, rows, now: NOW });
        expect(shown.length).toBeLessThan(rows);
        for (const { text } of shown) expect(stringWidth(text)).toBeLessThan(columns);
        const [hidden = ""] = shown.filter(({ text }) => text.startsWith("… and")).map(({ text }) => text);
        const counted = [...hidden.matchAll(/\d+/g)].reduce((sum, [number]) => sum + Number(number), 0);
        const rowsOfTasks = shown.filter(({ state }) => state !== "count" && state !== "last").length;
        if (!hidden.endsWith("…")) expect(rowsOfTasks + counted).toBe(tasks.length);
      },
    ),
  );
});

test.each([
  [{ TERM: "xterm-256color", TERM_PROGRAM: "WezTerm" }, "\u001b]9;run x: 3 of 3\u0007"],
  [{ TERM: "xterm-256color", VTE_VERSION: "7200" }, "\u001b]777;notify;Forkjoin;run x: 3 of 3\u0007"],
  [{ TERM: "xterm" }, "\u0007"],
])("a notification for %o", (env, sequence) => {
  expect(notification("run x: 3 of 3", env)).toBe(sequence);
  expect(notification("a\u001b]0;b;c\u0007", { TERM: "foot" })).toBe("\u001b]777;notify;Forkjoin;a ]0 b c \u0007");
});
