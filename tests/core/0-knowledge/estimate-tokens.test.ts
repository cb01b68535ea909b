import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/core/0-knowledge/estimate-tokens.ts";

/** Counted with the o200k_base encoding. */
test.each([
  ["English prose", "Load the files that the task type requires before anything else. ".repeat(10), 121],
  [
    "Portuguese prose",
    "Preciso criar um subagente para validar documentos e melhorar a descrição do anúncio. ".repeat(20),
    341,
  ],
  [
    "Chinese prose",
    "知识图谱是一种结构化的语义知识库，用于以符号形式描述物理世界中的概念及其相互关系。".repeat(20),
    620,
  ],
])("%s: within a sixth of what a tokenizer counts", (_, text, counted) => {
  expect(Math.abs(estimateTokens(text) - counted) / counted).toBeLessThan(1 / 6);
});

test("nothing is nothing", () => {
  expect(estimateTokens("")).toBe(0);
});
