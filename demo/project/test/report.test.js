import assert from "node:assert/strict";
import { test } from "node:test";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { recordPayment } from "../src/payment.js";
import { outstandingReport, paidReport } from "../src/report.js";

function invoice(number, issued, price, currency = "EUR") {
  const lines = [lineItem({ description: "Work", unitPrice: parseMoney(price, currency) })];
  return createInvoice({ number, customer: `Customer of ${number}`, currency, issued, lines });
}

const late = invoice("INV-0001", "2025-01-01", "100");
const open = invoice("INV-0002", "2025-03-01", "250");
const dollars = invoice("INV-0003", "2025-03-02", "80", "USD");
const paid = recordPayment(invoice("INV-0004", "2025-02-01", "40"), {
  date: "2025-02-10",
  amount: parseMoney("40", "EUR"),
});
const all = [paid, dollars, open, late];

test("outstanding: the longest due first, totals per currency, nothing that is paid", () => {
  const report = outstandingReport(all, "2025-03-10");
  assert.equal(report.title, "Outstanding on 2025-03-10");
  assert.deepEqual(report.rows, [
    ["INV-0001", "Customer of INV-0001", "2025-01-31", "38", "€100.00"],
    ["INV-0002", "Customer of INV-0002", "2025-03-31", "0", "€250.00"],
    ["INV-0003", "Customer of INV-0003", "2025-04-01", "0", "$80.00"],
    ["Total", "", "", "", "€350.00"],
    ["Total", "", "", "", "$80.00"],
  ]);
});

test("paid: only what is settled in full", () => {
  assert.deepEqual(paidReport(all, "2025-03-10").rows, [
    ["INV-0004", "Customer of INV-0004", "€40.00"],
    ["Total", "", "€40.00"],
  ]);
});

test("the invoices given are left in their order", () => {
  outstandingReport(all, "2025-03-10");
  assert.deepEqual(
    all.map((entry) => entry.number),
    ["INV-0004", "INV-0003", "INV-0002", "INV-0001"],
  );
});
