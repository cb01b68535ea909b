/** A discount is a percentage or a fixed amount, and never makes a price negative. */
import { InvalidInput } from "./errors.js";
import { parseMoney, percentOf, subtract } from "./money.js";

/** "10%", "5.5%" or "12.00" as a discount; an empty text is none. */
export function parseDiscount(text, currency) {
  const written = text.trim();
  if (written === "") return undefined;
  if (!written.endsWith("%")) return amountDiscount(parseMoney(written, currency));
  const percent = written.slice(0, -1).trim();
  if (!/^\d{1,3}(\.\d)?$/.test(percent)) {
    throw new InvalidInput(`"${text}" is not a percentage; write it like 10% or 5.5%`);
  }
  return percentDiscount(Number(percent));
}

export function percentDiscount(percent) {
  if (!(percent >= 0 && percent <= 100)) throw new InvalidInput(`a discount of ${percent}% is not between 0% and 100%`);
  return Object.freeze({ percent });
}

export function amountDiscount(amount) {
  if (amount.amount < 0) throw new InvalidInput("a discount cannot be negative");
  return Object.freeze({ amount });
}

/** `price` less `discount`. */
export function applyDiscount(price, discount) {
  if (discount === undefined) return price;
  if (discount.percent !== undefined) return subtract(price, percentOf(price, discount.percent));
  const reduced = subtract(price, discount.amount);
  if (reduced.amount < 0) throw new InvalidInput("the discount is larger than the price");
  return reduced;
}
