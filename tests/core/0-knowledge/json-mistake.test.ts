import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonMistake } from "../../../src/core/0-knowledge/json-mistake.ts";

describe("jsonMistake", () => {
  test("finds nothing in JSON", () => {
    expect(jsonMistake('\n{"a": [1, -2.5e3, true, null, "x\\"}\\u00e9"], "b": {}, "c": []}\n')).toEqual(undefined);
  });

  test.each([
    ['{\n  "a": x\n}', { line: 2, column: 8, found: "x", expected: "a value" }],
    ['{"a": 1,}', { line: 1, column: 9, found: "}", expected: "a name in quotes" }],
    ["[1 2]", { line: 1, column: 4, found: "2", expected: "a comma or ]" }],
    ["[1, 2", { line: 1, column: 6, found: "the end of the file", expected: "a comma or ]" }],
    ['{"a" 1}', { line: 1, column: 6, found: "1", expected: ":" }],
    ["{a: 1}", { line: 1, column: 2, found: "a", expected: "a name in quotes or }" }],
    ["[1}", { line: 1, column: 3, found: "}", expected: "a comma or ]" }],
    ["{} {}", { line: 1, column: 4, found: "{", expected: "the end" }],
    ["", { line: 1, column: 1, found: "the end of the file", expected: "a value" }],
    ['["never closed, and long]', { line: 1, column: 2, found: '"never closed, and l…', expected: "a value or ]" }],
    ["[01]", { line: 1, column: 2, found: "01", expected: "a value or ]" }],
    ["\u001b[0m", { line: 1, column: 1, found: "\ufffd", expected: "a value" }],
  ])("names the place of the first mistake in %j", (text, mistake) => {
    expect(jsonMistake(text)).toEqual(mistake);
  });

  test("agrees with JSON.parse on every text", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"\\"',
      "1",
      "-",
      "tru",
      "null",
      " ",
      "\n",
      "\\",
      "é",
    );
    const almostJson = fc.tuple(fc.json(), fc.nat(), pieces).map(([json, at, piece]) => {
      const cut = at % (json.length + 1);
      return json.slice(0, cut) + piece + json.slice(cut + 1);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((all) => all.join("")),
          almostJson,
          fc.json(),
        ),
        (text) => {
          expect(jsonMistake(text) === undefined).toEqual(parses(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
