import assert from "node:assert/strict";
import { test } from "node:test";
import { createCreditNote } from "../src/credit-note.js";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { renderCreditNote } from "../src/render/credit-note.js";

const line = (description, price, taxPercent) =>
  lineItem({ description, unitPrice: parseMoney(price, "EUR"), taxPercent });
const invoice = createInvoice({
  number: "INV-0007",
  customer: "Ada Lovelace",
  currency: "EUR",
  issued: "2025-03-01",
  lines: [line("Workshop", "1000", 19), line("Book", "20", 7)],
});
const details = { number: "CN-0001", issued: "2025-03-10", reason: "Cancelled" };

test("a credit note names its invoice and gives the amounts back", () => {
  assert.equal(
    renderCreditNote(createCreditNote(invoice, details)),
    [
      "Credit note CN-0001",
      "Invoice     INV-0007",
      "To          Ada Lovelace",
      "Issued      2025-03-10",
      "Reason      Cancelled",
      "",
      "Description  Quantity      Price  Discount        Net",
      "-----------------------------------------------------",
      "Workshop            1  €1,000.00            €1,000.00",
      "Book                1     €20.00               €20.00",
      "",
      "Net      -€1,020.00",
      "Tax 7%       -€1.40",
      "Tax 19%    -€190.00",
      "Credit   -€1,211.40",
    ].join("\n"),
  );
});

test("only the lines taken back are shown", () => {
  const text = renderCreditNote(createCreditNote(invoice, { ...details, lines: [2] }));
  assert.doesNotMatch(text, /Workshop|19%/);
  assert.match(text, /Credit +-€21\.40$/);
});
