import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createCreditNote } from "../src/credit-note.js";
import { createInvoice, totals } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";

const line = (description, price) => lineItem({ description, unitPrice: parseMoney(price, "EUR"), taxPercent: 19 });
const invoice = createInvoice({
  number: "INV-0001",
  customer: "Ada",
  currency: "EUR",
  issued: "2025-03-01",
  lines: [line("Workshop", "100"), line("Travel", "50"), line("Book", "20")],
});
const credit = (more = {}) =>
  createCreditNote(invoice, { number: "CN-0001", issued: "2025-03-10", reason: " Cancelled ", ...more });

describe("createCreditNote", () => {
  test("takes back the whole invoice", () => {
    const note = credit();
    assert.equal(note.invoice, "INV-0001");
    assert.equal(note.reason, "Cancelled");
    assert.deepEqual(totals(note), totals(invoice));
  });

  test("takes back chosen lines, each once and in the invoice's order", () => {
    const note = credit({ lines: [3, 1, 3] });
    assert.deepEqual(
      note.lines.map((entry) => entry.description),
      ["Workshop", "Book"],
    );
    assert.equal(totals(note).gross.amount, 14_280);
  });

  test("refuses positions that the invoice does not have", () => {
    for (const lines of [[0], [4], [1.5], [Number.NaN]]) {
      assert.throws(() => credit({ lines }), /has no line .*, only 1 to 3/);
    }
    assert.throws(() => credit({ lines: [] }), /at least one line/);
  });

  test("is not older than the invoice and says why", () => {
    assert.equal(credit({ issued: "2025-03-01" }).issued, "2025-03-01");
    assert.throws(() => credit({ issued: "2025-02-28" }), /cannot be older than INV-0001, issued on 2025-03-01/);
    assert.throws(() => credit({ issued: "yesterday" }), /is not a day/);
    assert.throws(() => credit({ reason: " " }), /needs a reason/);
  });
});
