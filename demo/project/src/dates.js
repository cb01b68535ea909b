/** Calendar days as "YYYY-MM-DD" text: no hours, no time zones, sortable as they are. */
import { InvalidInput } from "./errors.js";

const DAY_MS = 86_400_000;

/** `text` itself when it names a day that exists. */
export function isoDate(text) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || textOf(time) !== text) {
    throw new InvalidInput(`"${text}" is not a day; write it like 2025-03-31`);
  }
  return text;
}

export function addDays(date, days) {
  return textOf(timeOf(date) + days * DAY_MS);
}

/** How many days `to` comes after `from`; negative when it comes before. */
export function daysBetween(from, to) {
  return (timeOf(to) - timeOf(from)) / DAY_MS;
}

export function today() {
  return textOf(Date.now());
}

function timeOf(date) {
  return Date.parse(`${isoDate(date)}T00:00:00Z`);
}

function textOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}
