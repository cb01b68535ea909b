import { describe, expect, test } from "vitest";
import { DurationText, formatDuration, parseDuration } from "../../../src/core/model/duration.ts";

const HOUR = 3_600_000;

describe("parseDuration", () => {
  test.each([
    ["1ms", 1],
    ["90s", 90_000],
    ["5min", 300_000],
    ["5m", 300_000],
    ["30 minutes", 1_800_000],
    ["1h 30m", 5_400_000],
    ["1h30min", 5_400_000],
    ["1h   30min 5s", 5_405_000],
    ["1.5h", 5_400_000],
    ["0.5ms", 1],
    ["2 HOURS", 2 * HOUR],
    [" 10 sec ", 10_000],
    ["1 hr 1 minute 1 second", HOUR + 61_000],
    ["5min 5min", 600_000],
    ["168h", 168 * HOUR],
  ])("reads %j", (text, ms) => {
    expect(parseDuration(text)).toEqual(ms);
  });

  test.each([
    "",
    "   ",
    "5",
    "min",
    "five min",
    "-5min",
    "+5min",
    "0s",
    "0.4ms",
    "5min 30",
    "1h, 30m",
    "1h\n30m",
    "1:30h",
    "1e3s",
    "5 days",
    "Infinity min",
    "NaN s",
    ".5h",
    "1.2345h",
    "1234567890s",
    "٥min",
    "168h 1ms",
    `${"1s ".repeat(14)}`,
    "5 constructor",
    "5constructor 1min",
    "1 __proto__",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toEqual(undefined);
  });
});

describe("formatDuration", () => {
  test.each([
    [0, "0s"],
    [1, "1ms"],
    [999, "999ms"],
    [1_000, "1s"],
    [4_234, "4.2s"],
    [59_949, "59.9s"],
    [59_950, "1min"],
    [59_999, "1min"],
    [60_000, "1min"],
    [61_500, "1min 2s"],
    [5_400_000, "1h 30min"],
    [3_599_999, "1h"],
    [168 * HOUR, "168h"],
    [-8_000, "-8s"],
  ])("%d is %j", (ms, text) => {
    expect(formatDuration(ms)).toEqual(text);
  });

  test("what it writes for whole seconds, and below one second, reads back as the same number", () => {
    const whole = Array.from({ length: 4_000 }, (_, index) => (index + 1) * 1_000 * (1 + (index % 7)));
    const small = Array.from({ length: 999 }, (_, index) => index + 1);
    const changed = [...whole, ...small].filter((ms) => parseDuration(formatDuration(ms)) !== ms);
    expect(changed).toEqual([]);
  });
});

test("the schema keeps the author's text and says what a duration is", () => {
  expect(DurationText.parse("1h 30m")).toEqual("1h 30m");
  expect(DurationText.safeParse("soon").error?.issues.map((issue) => issue.message)).toEqual([
    "must be a duration such as 90s, 5min or 1h 30m, of at most 7 days",
  ]);
});
