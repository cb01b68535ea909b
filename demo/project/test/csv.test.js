import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "../src/csv.js";

test("records are keyed by the header", () => {
  assert.deepEqual(parseCsv("description,unit_price\nHosting,12.50\nDomain,9.00\n"), [
    { description: "Hosting", unit_price: "12.50" },
    { description: "Domain", unit_price: "9.00" },
  ]);
});

test("Windows line ends, blank lines and spaces around names do no harm", () => {
  assert.deepEqual(parseCsv("a, b\r\n\r\n1,2\r\n"), [{ a: "1", b: "2" }]);
});

test("a record of the wrong length is refused by its number", () => {
  assert.throws(() => parseCsv("a,b\n1,2\n3"), /record 2 has 1 fields where the header has 2/);
});

test("an empty text is refused", () => {
  assert.throws(() => parseCsv("\n"), /the CSV text is empty/);
});

test("quoted fields are refused rather than read wrongly", () => {
  assert.throws(() => parseCsv('a,b\n"1,5",2'), /quoted fields are not supported/);
});
