/** Money is an integer of minor units (cents) and a currency; no sum ever passes through a fraction. */
import { currencyOf } from "./currency.js";
import { InvalidInput } from "./errors.js";

/** Factors such as quantities and percentages are exact to this many parts. */
const FACTOR_PARTS = 1_000;

export function money(amount, currency) {
  currencyOf(currency);
  if (!Number.isSafeInteger(amount)) throw new InvalidInput(`${amount} is not a whole number of minor units`);
  return Object.freeze({ amount, currency });
}

export function zero(currency) {
  return money(0, currency);
}

/** "1250", "1250.50" or "-3.20" as money. */
export function parseMoney(text, currency) {
  const match = /^(-?)(\d{1,12})(?:\.(\d{2}))?$/.exec(text.trim());
  if (match === null) throw new InvalidInput(`"${text}" is not an amount; write it like 1250 or 1250.50`);
  const [, sign, major, minor = "00"] = match;
  const amount = Number(major) * 100 + Number(minor);
  return money(sign === "-" ? 0 - amount : amount, currency);
}

/** "€1,250.50": sign of the currency, thousands separated by commas. */
export function formatMoney({ amount, currency }) {
  const digits = String(Math.abs(amount)).padStart(3, "0");
  const major = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "-" : ""}${currencyOf(currency).sign}${major}.${digits.slice(-2)}`;
}

export function add(a, b) {
  requireSameCurrency(a, b);
  return money(a.amount + b.amount, a.currency);
}

export function subtract(a, b) {
  requireSameCurrency(a, b);
  return money(a.amount - b.amount, a.currency);
}

/** The sum of `amounts`, which may be empty: therefore the currency. */
export function sum(amounts, currency) {
  return amounts.reduce(add, zero(currency));
}

/** `value` times `factor`, rounded to the nearest minor unit, halves away from zero. */
export function scale(value, factor) {
  const parts = Math.round(factor * FACTOR_PARTS);
  if (Math.abs(parts - factor * FACTOR_PARTS) > 1e-6) {
    throw new InvalidInput(`${factor} has more than three decimals`);
  }
  const product = Math.abs(value.amount * parts);
  if (!Number.isSafeInteger(product)) throw new InvalidInput(`${value.amount} times ${factor} is too large`);
  const rounded = Math.floor((product + FACTOR_PARTS / 2) / FACTOR_PARTS);
  return money(value.amount * parts < 0 ? 0 - rounded : rounded, value.currency);
}

/** `percent` (at most one decimal, such as 19 or 5.5) of `value`. */
export function percentOf(value, percent) {
  return scale(value, percent / 100);
}

function requireSameCurrency(a, b) {
  if (a.currency !== b.currency) throw new InvalidInput(`cannot combine ${a.currency} with ${b.currency}`);
}
