/** One line of an invoice: what, how much of it, at which price and which tax rate. */
import { applyDiscount, parseDiscount } from "./discount.js";
import { InvalidInput } from "./errors.js";
import { parseMoney, scale } from "./money.js";

export function lineItem({ description, quantity = 1, unitPrice, taxPercent = 0, discount }) {
  if (description.trim() === "") throw new InvalidInput("a line needs a description");
  if (!(quantity > 0)) throw new InvalidInput(`the quantity of "${description}" must be above zero`);
  if (!(taxPercent >= 0 && taxPercent <= 100)) {
    throw new InvalidInput(`the tax rate of "${description}" must be between 0 and 100`);
  }
  const line = { description: description.trim(), quantity, unitPrice, taxPercent };
  return Object.freeze(discount === undefined ? line : { ...line, discount });
}

/** A line from the columns of a CSV record: description, quantity, unit_price, tax_percent, discount. */
export function lineFromRecord(record, currency) {
  return lineItem({
    description: record.description ?? "",
    quantity: numberIn(record, "quantity", 1),
    unitPrice: parseMoney(record.unit_price ?? "", currency),
    taxPercent: numberIn(record, "tax_percent", 0),
    discount: parseDiscount(record.discount ?? "", currency),
  });
}

/** The price of the whole line before tax. */
export function lineNet(line) {
  return applyDiscount(scale(line.unitPrice, line.quantity), line.discount);
}

function numberIn(record, column, fallback) {
  const text = (record[column] ?? "").trim();
  if (text === "") return fallback;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidInput(`"${text}" in column ${column} is not a number`);
  return Number(text);
}
