/** Text from agents and authors is data: nothing in it moves a cursor, hides, or ends the block it stands in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fenced, plainText } from "../../../src/core/model/task-output.ts";

test("control characters, half surrogates and marks that reorder text go; tabs and lines stay", () => {
  expect(plainText("a\u001b[31mb\u0000\tc\r\nd\u202ee\ud800f", 100)).toBe("a[31mb\tc\ndef");
});

test("what is too long is cut, and says so", () => {
  expect(plainText("abcdef", 4)).toBe("abcd\n[cut: 2 more characters]");
  expect(plainText("abcd", 4)).toBe("abcd");
});

test("no text closes the fence around it", () => {
  const text = fc.array(fc.constantFrom("~~~", "~~~~~", "\n", "x", "~")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (inside) => {
      const [fence = "", ...rest] = fenced(inside).split("\n");
      expect(rest.findIndex((line) => line.trimEnd() === fence)).toBe(rest.length - 1);
    }),
  );
});
