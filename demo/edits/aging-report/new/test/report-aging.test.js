import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays } from "../src/dates.js";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { recordPayment } from "../src/payment.js";
import { agingReport, REPORTS } from "../src/report.js";

const TODAY = "2025-06-30";

function daysLate(days, price, currency = "EUR") {
  const lines = [lineItem({ description: "Work", unitPrice: parseMoney(price, currency) })];
  const issued = addDays(TODAY, -days);
  return createInvoice({ number: `INV-${days}`, customer: "Ada", currency, issued, dueDays: 0, lines });
}

test("invoices are counted and summed by how late they are", () => {
  const invoices = [-5, 0, 1, 30, 31, 60, 61, 90, 91].map((days) => daysLate(days, "10"));
  assert.deepEqual(agingReport(invoices, TODAY).rows, [
    ["not due", "2", "€20.00"],
    ["1 to 30", "2", "€20.00"],
    ["31 to 60", "2", "€20.00"],
    ["61 to 90", "2", "€20.00"],
    ["over 90", "1", "€10.00"],
  ]);
});

test("currencies are kept apart and empty groups are left out", () => {
  const invoices = [daysLate(45, "80", "USD"), daysLate(10, "20"), daysLate(400, "30")];
  assert.deepEqual(agingReport(invoices, TODAY).rows, [
    ["1 to 30", "1", "€20.00"],
    ["over 90", "1", "€30.00"],
    ["31 to 60", "1", "$80.00"],
  ]);
});

test("what is paid is not late, and what is partly paid counts with the rest", () => {
  const pay = (invoice, amount) => recordPayment(invoice, { date: TODAY, amount: parseMoney(amount, "EUR") });
  const invoices = [pay(daysLate(10, "20"), "20"), pay(daysLate(10, "50"), "15")];
  assert.deepEqual(agingReport(invoices, TODAY).rows, [["1 to 30", "1", "€35.00"]]);
});

test("the command line offers it", () => {
  assert.equal(REPORTS.aging, agingReport);
});
