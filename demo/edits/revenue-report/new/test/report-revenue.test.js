import assert from "node:assert/strict";
import { test } from "node:test";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { REPORTS, revenueReport } from "../src/report.js";

function invoice(customer, price, currency = "EUR") {
  const lines = [lineItem({ description: "Work", unitPrice: parseMoney(price, currency), taxPercent: 10 })];
  return createInvoice({ number: "INV-0001", customer, currency, issued: "2025-03-01", lines });
}

test("customers are listed by what they were invoiced, the largest first", () => {
  const invoices = [invoice("Ada", "100"), invoice("Grace", "300"), invoice("Ada", "150"), invoice("Edsger", "300")];
  const report = revenueReport(invoices, "2025-06-30");
  assert.equal(report.title, "Invoiced by 2025-06-30");
  assert.deepEqual(report.rows, [
    ["Edsger", "1", "€330.00"],
    ["Grace", "1", "€330.00"],
    ["Ada", "2", "€275.00"],
    ["Total", "", "€935.00"],
  ]);
});

test("a customer with two currencies stands under each", () => {
  assert.deepEqual(revenueReport([invoice("Ada", "10", "USD"), invoice("Ada", "10")], "2025-06-30").rows, [
    ["Ada", "1", "€11.00"],
    ["Total", "", "€11.00"],
    ["Ada", "1", "$11.00"],
    ["Total", "", "$11.00"],
  ]);
});

test("invoices of a later day are left out", () => {
  assert.deepEqual(revenueReport([invoice("Ada", "10")], "2025-02-28").rows, []);
});

test("the command line offers it", () => {
  assert.equal(REPORTS.revenue, revenueReport);
});
