/** The currencies an invoice may be written in, and the sign each is printed with. */
import { InvalidInput } from "./errors.js";

const CURRENCIES = new Map([
  ["CHF", { sign: "CHF " }],
  ["EUR", { sign: "€" }],
  ["GBP", { sign: "£" }],
  ["USD", { sign: "$" }],
]);

/** The entry of `code`, an ISO 4217 code such as "EUR". */
export function currencyOf(code) {
  const currency = CURRENCIES.get(code);
  if (currency === undefined) {
    throw new InvalidInput(`unknown currency "${code}"; known are ${currencyCodes().join(", ")}`);
  }
  return currency;
}

export function currencyCodes() {
  return [...CURRENCIES.keys()].sort();
}
