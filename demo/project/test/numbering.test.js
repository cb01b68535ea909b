import assert from "node:assert/strict";
import { test } from "node:test";
import { nextNumber } from "../src/numbering.js";

test("a series starts at one and runs on from its highest number", () => {
  assert.equal(nextNumber([], "INV"), "INV-0001");
  assert.equal(nextNumber(["INV-0009", "INV-0002"], "INV"), "INV-0010");
  assert.equal(nextNumber(["INV-9999"], "INV"), "INV-10000");
});

test("series of different prefixes do not meet", () => {
  assert.equal(nextNumber(["INV-0007", "INVX-0100", "Q-0003"], "Q"), "Q-0004");
  assert.equal(nextNumber(["INV-draft"], "INV"), "INV-0001");
});
