import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InvalidInput } from "../src/errors.js";
import { add, formatMoney, money, parseMoney, percentOf, scale, subtract, sum } from "../src/money.js";

describe("parseMoney", () => {
  test("reads whole and decimal amounts", () => {
    assert.equal(parseMoney("1250", "EUR").amount, 125_000);
    assert.equal(parseMoney(" 1250.05 ", "EUR").amount, 125_005);
    assert.equal(parseMoney("-3.20", "EUR").amount, -320);
  });

  test("refuses what is not an amount", () => {
    for (const text of ["", "12.5", "1,250.00", "12.345", "1e3", "twelve"]) {
      assert.throws(() => parseMoney(text, "EUR"), InvalidInput, text);
    }
  });

  test("names the known currencies when one is unknown", () => {
    assert.throws(() => parseMoney("1", "XXX"), /unknown currency "XXX".*EUR/);
  });
});

describe("formatMoney", () => {
  test("writes two decimals and separates thousands", () => {
    assert.equal(formatMoney(money(5, "EUR")), "€0.05");
    assert.equal(formatMoney(money(123_456_789, "USD")), "$1,234,567.89");
    assert.equal(formatMoney(money(-125_000, "CHF")), "-CHF 1,250.00");
  });

  test("is read back by parseMoney once sign and commas are gone", () => {
    for (const amount of [0, 1, 99, 100, -101, 1_000_000]) {
      const text = formatMoney(money(amount, "EUR")).replace(/[€,]/g, "");
      assert.equal(parseMoney(text, "EUR").amount, amount);
    }
  });
});

describe("arithmetic", () => {
  test("adds, subtracts and sums", () => {
    assert.equal(add(money(10, "EUR"), money(5, "EUR")).amount, 15);
    assert.equal(subtract(money(10, "EUR"), money(15, "EUR")).amount, -5);
    assert.equal(sum([], "EUR").amount, 0);
    assert.equal(sum([money(1, "EUR"), money(2, "EUR"), money(3, "EUR")], "EUR").amount, 6);
  });

  test("does not mix currencies", () => {
    assert.throws(() => add(money(1, "EUR"), money(1, "USD")), /cannot combine EUR with USD/);
  });

  test("rounds halves away from zero", () => {
    assert.equal(scale(money(5, "EUR"), 0.5).amount, 3);
    assert.equal(scale(money(-5, "EUR"), 0.5).amount, -3);
    assert.equal(percentOf(money(1_050, "EUR"), 19).amount, 200);
    assert.equal(percentOf(money(199, "EUR"), 5.5).amount, 11);
  });

  test("is not misled by fractions that floats cannot hold", () => {
    assert.equal(scale(money(1_005, "EUR"), 1.1).amount, 1_106);
    assert.throws(() => scale(money(1, "EUR"), 0.0001), /more than three decimals/);
  });
});
