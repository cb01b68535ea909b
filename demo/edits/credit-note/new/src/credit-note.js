/** A credit note takes back an invoice, or some of its lines; the invoice itself stays as it was sent. */
import { isoDate } from "./dates.js";
import { InvalidInput } from "./errors.js";

/** `lines` are positions on the invoice, counted from 1; without them the whole invoice is taken back. */
export function createCreditNote(invoice, { number, issued, reason, lines }) {
  if (isoDate(issued) < invoice.issued) {
    throw new InvalidInput(`a credit note cannot be older than ${invoice.number}, issued on ${invoice.issued}`);
  }
  if (reason.trim() === "") throw new InvalidInput("a credit note needs a reason");
  return Object.freeze({
    number,
    invoice: invoice.number,
    customer: invoice.customer,
    currency: invoice.currency,
    issued,
    reason: reason.trim(),
    lines: Object.freeze(lines === undefined ? [...invoice.lines] : chosenLines(invoice, lines)),
  });
}

function chosenLines(invoice, positions) {
  if (positions.length === 0) throw new InvalidInput("a credit note needs at least one line");
  const sorted = [...new Set(positions)].sort((a, b) => a - b);
  return sorted.map((position) => {
    const line = invoice.lines[position - 1];
    if (line === undefined) {
      throw new InvalidInput(`${invoice.number} has no line ${position}, only 1 to ${invoice.lines.length}`);
    }
    return line;
  });
}
