import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/core/0-knowledge/estimate-tokens.ts";

test("tokens are the characters divided by four, rounded up", () => {
  expect(["", "a", "abcd", "abcde", "ééééé"].map(estimateTokens)).toEqual([0, 1, 1, 2, 2]);
});
