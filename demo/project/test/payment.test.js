import assert from "node:assert/strict";
import { test } from "node:test";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { balance, recordPayment, statusOf } from "../src/payment.js";

const euros = (text) => parseMoney(text, "EUR");
const invoice = createInvoice({
  number: "INV-0001",
  customer: "Ada",
  currency: "EUR",
  issued: "2025-03-01",
  lines: [lineItem({ description: "Work", unitPrice: euros("100"), taxPercent: 19 })],
});

test("payments reduce the balance until the invoice is paid", () => {
  const half = recordPayment(invoice, { date: "2025-03-10", amount: euros("59.50") });
  assert.equal(balance(half).amount, 5_950);
  assert.equal(statusOf(half, "2025-03-10"), "open");
  const paid = recordPayment(half, { date: "2025-03-20", amount: euros("59.50") });
  assert.equal(statusOf(paid, "2099-01-01"), "paid");
});

test("the invoice itself is not changed", () => {
  recordPayment(invoice, { date: "2025-03-10", amount: euros("1") });
  assert.equal(balance(invoice).amount, 11_900);
});

test("an invoice is overdue from the day after it was due", () => {
  assert.equal(statusOf(invoice, "2025-03-31"), "open");
  assert.equal(statusOf(invoice, "2025-04-01"), "overdue");
});

test("nothing, and more than is owed, is refused", () => {
  assert.throws(() => recordPayment(invoice, { date: "2025-03-10", amount: euros("0") }), /above zero/);
  assert.throws(() => recordPayment(invoice, { date: "2025-03-10", amount: euros("119.01") }), /is owed €119.00/);
});
