import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { percentDiscount } from "../src/discount.js";
import { createInvoice, totals } from "../src/invoice.js";
import { lineFromRecord, lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";

const euros = (text) => parseMoney(text, "EUR");
const line = (text, more = {}) => lineItem({ description: "Work", unitPrice: euros(text), taxPercent: 19, ...more });
const invoice = (lines) =>
  createInvoice({ number: "INV-0001", customer: " Ada ", currency: "EUR", issued: "2025-03-01", lines });

describe("createInvoice", () => {
  test("is due thirty days after it was issued", () => {
    assert.equal(invoice([line("10")]).due, "2025-03-31");
    assert.equal(invoice([line("10")]).customer, "Ada");
  });

  test("needs a customer and a line", () => {
    assert.throws(() => invoice([]), /at least one line/);
    assert.throws(
      () => createInvoice({ number: "1", customer: " ", currency: "EUR", issued: "2025-03-01", lines: [line("1")] }),
      /needs a customer/,
    );
  });
});

describe("totals", () => {
  test("computes tax once per rate and lists the lowest rate first", () => {
    const { net, taxes, tax, gross } = totals(invoice([line("0.33"), line("0.33"), line("10", { taxPercent: 7 })]));
    assert.equal(net.amount, 1_066);
    assert.deepEqual(
      taxes.map((entry) => [entry.percent, entry.net.amount, entry.tax.amount]),
      [
        [7, 1_000, 70],
        [19, 66, 13],
      ],
    );
    assert.equal(tax.amount, 83);
    assert.equal(gross.amount, 1_149);
  });

  test("takes quantities and discounts into account", () => {
    const discounted = line("80", { quantity: 2.5, discount: percentDiscount(10) });
    assert.equal(totals(invoice([discounted])).net.amount, 18_000);
  });

  test("refuses lines in another currency", () => {
    assert.throws(
      () => totals(invoice([line("1"), line("1", { unitPrice: parseMoney("1", "USD") })])),
      /cannot combine/,
    );
  });
});

describe("lineFromRecord", () => {
  test("reads the columns and fills in what is left empty", () => {
    const record = { description: "Hosting", quantity: "", unit_price: "12.50", tax_percent: "19", discount: "" };
    assert.deepEqual(lineFromRecord(record, "EUR"), {
      description: "Hosting",
      quantity: 1,
      unitPrice: { amount: 1_250, currency: "EUR" },
      taxPercent: 19,
    });
  });

  test("says which column is wrong", () => {
    const record = { description: "Hosting", quantity: "two", unit_price: "12.50" };
    assert.throws(() => lineFromRecord(record, "EUR"), /"two" in column quantity is not a number/);
  });
});
