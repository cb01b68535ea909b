/** Comma-separated values with a header line, as a spreadsheet saves them. */
import { InvalidInput } from "./errors.js";

/** One record per line after the header, keyed by the header's names; blank lines are skipped. */
export function parseCsv(text) {
  const [header, ...rows] = splitRows(text);
  if (header === undefined) throw new InvalidInput("the CSV text is empty");
  return rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new InvalidInput(`record ${index + 1} has ${row.length} fields where the header has ${header.length}`);
    }
    return Object.fromEntries(header.map((name, column) => [name.trim(), row[column]]));
  });
}

function splitRows(text) {
  if (text.includes('"')) throw new InvalidInput("quoted fields are not supported");
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(","));
}
