import { describe, expect, test } from "vitest";
import { fitBudget } from "../../../src/core/0-knowledge/fit-budget.ts";

function file(path: string, tokens: number) {
  return { path, uri: `knowledge://files/${path}`, size_bytes: tokens * 4, tokens, reason: "recommended" };
}

describe("fitBudget", () => {
  test("loads while the budget lasts; a file that does not fit is skipped", () => {
    const [a, b, c] = [file("a", 1_000), file("b", 8_000), file("c", 20_000)];
    expect(fitBudget([a, b, c], { budget_tokens: 40_000, used_tokens: 20_000 })).toEqual({
      loaded: [a, b],
      skipped: [{ path: "c", reason: "does not fit: 20000 tokens, 11000 of the budget of 40000 tokens left" }],
    });
  });

  test("stops when less than 5 000 tokens are left, even for a small file", () => {
    const [a, b] = [file("a", 5_001), file("b", 5_002)];
    expect(fitBudget([a, b], { budget_tokens: 10_000, used_tokens: 0 })).toEqual({
      loaded: [a],
      skipped: [
        {
          path: "b",
          reason: "context budget limit reached: 4999 of the budget of 10000 tokens left, and 5000 are kept free",
        },
      ],
    });
  });

  test("with exactly 5 000 left it goes on, and a file may fill the budget to its end", () => {
    const a = file("a", 5_000);
    expect(fitBudget([a], { budget_tokens: 5_000, used_tokens: 0 })).toEqual({ loaded: [a], skipped: [] });
  });

  test("required files beyond the budget leave nothing", () => {
    expect(fitBudget([file("a", 1)], { budget_tokens: 10, used_tokens: 90 })).toEqual({
      loaded: [],
      skipped: [
        {
          path: "a",
          reason: "context budget limit reached: 0 of the budget of 10 tokens left, and 5000 are kept free",
        },
      ],
    });
  });
});
