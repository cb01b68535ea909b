import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amountDiscount, applyDiscount, parseDiscount, percentDiscount } from "../src/discount.js";
import { InvalidInput } from "../src/errors.js";
import { parseMoney } from "../src/money.js";

const euros = (text) => parseMoney(text, "EUR");

describe("parseDiscount", () => {
  test("reads percentages and amounts; nothing written is no discount", () => {
    assert.deepEqual(parseDiscount("10%", "EUR"), { percent: 10 });
    assert.deepEqual(parseDiscount(" 5.5 % ", "EUR"), { percent: 5.5 });
    assert.deepEqual(parseDiscount("12.00", "EUR"), { amount: euros("12") });
    assert.equal(parseDiscount("  ", "EUR"), undefined);
  });

  test("refuses what is neither", () => {
    for (const text of ["%", "ten%", "-5%", "5.55%", "101%", "-1.00", "half"]) {
      assert.throws(() => parseDiscount(text, "EUR"), InvalidInput, text);
    }
  });
});

describe("limits", () => {
  test("a percentage lies between 0 and 100", () => {
    assert.equal(percentDiscount(0).percent, 0);
    assert.equal(percentDiscount(100).percent, 100);
    for (const percent of [-0.1, 100.1, Number.NaN]) {
      assert.throws(() => percentDiscount(percent), /between 0% and 100%/);
    }
  });

  test("an amount is not negative", () => {
    assert.equal(amountDiscount(euros("0")).amount.amount, 0);
    assert.throws(() => amountDiscount(euros("-0.01")), /cannot be negative/);
  });
});

describe("applyDiscount", () => {
  test("leaves a price without a discount as it is", () => {
    assert.deepEqual(applyDiscount(euros("9.99"), undefined), euros("9.99"));
  });

  test("rounds the discount to the nearest cent, halves up", () => {
    assert.equal(applyDiscount(euros("9.99"), percentDiscount(10)).amount, 899);
    assert.equal(applyDiscount(euros("0.05"), percentDiscount(50)).amount, 2);
    assert.equal(applyDiscount(euros("80.00"), percentDiscount(100)).amount, 0);
  });

  test("never makes a price negative", () => {
    assert.equal(applyDiscount(euros("10"), amountDiscount(euros("10"))).amount, 0);
    assert.throws(() => applyDiscount(euros("10"), amountDiscount(euros("10.01"))), /larger than the price/);
  });

  test("does not mix currencies", () => {
    assert.throws(() => applyDiscount(euros("10"), amountDiscount(parseMoney("1", "USD"))), /cannot combine/);
  });
});
