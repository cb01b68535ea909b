/** Payments against an invoice, and where the invoice stands because of them. */
import { isoDate } from "./dates.js";
import { InvalidInput } from "./errors.js";
import { totals } from "./invoice.js";
import { formatMoney, subtract, sum } from "./money.js";

/** The invoice with one more payment; more than what is owed is refused. */
export function recordPayment(invoice, { date, amount }) {
  if (amount.amount <= 0) throw new InvalidInput("a payment must be above zero");
  const owed = balance(invoice);
  if (subtract(owed, amount).amount < 0) {
    throw new InvalidInput(`${invoice.number} is owed ${formatMoney(owed)}, not ${formatMoney(amount)}`);
  }
  const payment = Object.freeze({ date: isoDate(date), amount });
  return Object.freeze({ ...invoice, payments: Object.freeze([...invoice.payments, payment]) });
}

/** What is still to be paid. */
export function balance(invoice) {
  const paid = sum(
    invoice.payments.map((payment) => payment.amount),
    invoice.currency,
  );
  return subtract(totals(invoice).gross, paid);
}

/** "paid", "open" or, once the due day has passed, "overdue". */
export function statusOf(invoice, today) {
  if (balance(invoice).amount === 0) return "paid";
  return today > invoice.due ? "overdue" : "open";
}
