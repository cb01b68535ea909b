/** An invoice and what it adds up to; tax is computed once per rate, as tax offices expect, not once per line. */
import { addDays, isoDate } from "./dates.js";
import { InvalidInput } from "./errors.js";
import { lineNet } from "./line-item.js";
import { add, percentOf, sum } from "./money.js";

export function createInvoice({ number, customer, currency, issued, dueDays = 30, lines }) {
  if (customer.trim() === "") throw new InvalidInput("an invoice needs a customer");
  if (lines.length === 0) throw new InvalidInput("an invoice needs at least one line");
  if (!Number.isInteger(dueDays) || dueDays < 0) throw new InvalidInput("the days until payment must be 0 or more");
  return Object.freeze({
    number,
    customer: customer.trim(),
    currency,
    issued: isoDate(issued),
    due: addDays(issued, dueDays),
    lines: Object.freeze([...lines]),
    payments: Object.freeze([]),
  });
}

/** What `lines` of anything written in `currency` add up to: net, tax by rate (lowest first), tax and gross. */
export function totals({ lines, currency }) {
  const net = sum(lines.map(lineNet), currency);
  const taxes = taxByRate(lines, currency);
  const tax = sum(
    taxes.map((entry) => entry.tax),
    currency,
  );
  return { net, taxes, tax, gross: add(net, tax) };
}

function taxByRate(lines, currency) {
  const rates = [...new Set(lines.map((line) => line.taxPercent))].sort((a, b) => a - b);
  return rates.map((percent) => {
    const taxed = lines.filter((line) => line.taxPercent === percent);
    const net = sum(taxed.map(lineNet), currency);
    return { percent, net, tax: percentOf(net, percent) };
  });
}
