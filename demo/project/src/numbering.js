/** Numbers of documents run on without gaps: INV-0001, INV-0002, one series per prefix. */

/** The number after the highest one of `prefix` in `existing`. */
export function nextNumber(existing, prefix) {
  const highest = existing
    .filter((number) => number.startsWith(`${prefix}-`))
    .map((number) => Number(number.slice(prefix.length + 1)))
    .filter(Number.isInteger)
    .reduce((a, b) => Math.max(a, b), 0);
  return `${prefix}-${String(highest + 1).padStart(4, "0")}`;
}
