import assert from "node:assert/strict";
import { test } from "node:test";
import { amountDiscount } from "../src/discount.js";
import { createInvoice } from "../src/invoice.js";
import { lineItem } from "../src/line-item.js";
import { parseMoney } from "../src/money.js";
import { recordPayment } from "../src/payment.js";
import { renderInvoice } from "../src/render/invoice.js";
import { tableWithHeader } from "../src/render/table.js";

const euros = (text) => parseMoney(text, "EUR");

test("a table is as wide as its widest cells", () => {
  assert.deepEqual(tableWithHeader(["Name", "Sum"], [["Ada Lovelace", "1"]], ["left", "right"]), [
    "Name          Sum",
    "-----------------",
    "Ada Lovelace    1",
  ]);
});

test("an invoice shows its lines, its taxes and what is left to pay", () => {
  const invoice = createInvoice({
    number: "INV-0001",
    customer: "Ada Lovelace",
    currency: "EUR",
    issued: "2025-03-01",
    lines: [
      lineItem({ description: "Consulting", quantity: 3, unitPrice: euros("120"), taxPercent: 19 }),
      lineItem({ description: "Book", unitPrice: euros("25"), taxPercent: 7, discount: amountDiscount(euros("5")) }),
    ],
  });
  const text = renderInvoice(recordPayment(invoice, { date: "2025-03-05", amount: euros("100") }));
  assert.equal(
    text,
    [
      "Invoice INV-0001",
      "To      Ada Lovelace",
      "Issued  2025-03-01",
      "Due     2025-03-31",
      "",
      "Description  Quantity    Price  Discount      Net",
      "-------------------------------------------------",
      "Consulting          3  €120.00            €360.00",
      "Book                1   €25.00     €5.00   €20.00",
      "",
      "Net      €380.00",
      "Tax 7%     €1.40",
      "Tax 19%   €68.40",
      "Total    €449.80",
      "To pay   €349.80",
    ].join("\n"),
  );
});
