import assert from "node:assert/strict";
import { test } from "node:test";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { renderInvoiceHtml } from "../src/render/html.js";

test("what comes from the book is escaped", () => {
  const html = renderInvoiceHtml(
    createInvoice({
      number: "INV-0001",
      customer: "Ada & <Charles>",
      currency: "EUR",
      issued: "2025-03-01",
      lines: [lineItem({ description: "Work", unitPrice: parseMoney("10", "EUR") })],
    }),
  );
  assert.match(html, /Ada &amp; &lt;Charles&gt;/);
  assert.match(html, /€10\.00/);
});
