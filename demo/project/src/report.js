/** What the book says on a given day. A report is a title, the names of its columns and rows of text. */
import { daysBetween } from "./dates.js";
import { totals } from "./invoice.js";
import { formatMoney, sum } from "./money.js";
import { balance, statusOf } from "./payment.js";

/** Everything not yet paid, the longest due first, with a total per currency. */
export function outstandingReport(invoices, today) {
  const unpaid = invoices
    .filter((invoice) => statusOf(invoice, today) !== "paid")
    .sort((a, b) => (a.due === b.due ? a.number.localeCompare(b.number) : a.due < b.due ? -1 : 1));
  return {
    title: `Outstanding on ${today}`,
    columns: ["Number", "Customer", "Due", "Days late", "Balance"],
    rows: [
      ...unpaid.map((invoice) => [
        invoice.number,
        invoice.customer,
        invoice.due,
        String(Math.max(0, daysBetween(invoice.due, today))),
        formatMoney(balance(invoice)),
      ]),
      ...totalRows(unpaid, balance, 5),
    ],
  };
}

/** Everything paid in full, in the order of its numbers, with a total per currency. */
export function paidReport(invoices, today) {
  const gross = (invoice) => totals(invoice).gross;
  const paid = invoices
    .filter((invoice) => statusOf(invoice, today) === "paid")
    .sort((a, b) => a.number.localeCompare(b.number));
  return {
    title: `Paid by ${today}`,
    columns: ["Number", "Customer", "Amount"],
    rows: [
      ...paid.map((invoice) => [invoice.number, invoice.customer, formatMoney(gross(invoice))]),
      ...totalRows(paid, gross, 3),
    ],
  };
}

/** One row per currency: "Total" in the first of `width` columns and the sum of `amountOf` in the last. */
function totalRows(invoices, amountOf, width) {
  return currenciesIn(invoices).map((currency) => {
    const amounts = invoices.filter((invoice) => invoice.currency === currency).map(amountOf);
    return ["Total", ...Array(width - 2).fill(""), formatMoney(sum(amounts, currency))];
  });
}

function currenciesIn(invoices) {
  return [...new Set(invoices.map((invoice) => invoice.currency))].sort();
}

/** The reports the command line offers, by name. */
export const REPORTS = {
  outstanding: outstandingReport,
  paid: paidReport,
};
