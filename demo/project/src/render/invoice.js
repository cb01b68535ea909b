/** An invoice as plain text, ready for a mail or a printer. */
import { totals } from "../invoice.js";
import { lineNet } from "../line-item.js";
import { formatMoney } from "../money.js";
import { balance } from "../payment.js";
import { tableWithHeader, textTable } from "./table.js";

export function renderInvoice(invoice) {
  return [
    `Invoice ${invoice.number}`,
    `To      ${invoice.customer}`,
    `Issued  ${invoice.issued}`,
    `Due     ${invoice.due}`,
    "",
    ...renderLines(invoice.lines),
    "",
    ...renderTotals(invoice),
  ].join("\n");
}

/** The table of what was delivered. */
export function renderLines(lines) {
  const rows = lines.map((line) => [
    line.description,
    String(line.quantity),
    formatMoney(line.unitPrice),
    discountText(line.discount),
    formatMoney(lineNet(line)),
  ]);
  return tableWithHeader(["Description", "Quantity", "Price", "Discount", "Net"], rows, [
    "left",
    "right",
    "right",
    "right",
    "right",
  ]);
}

function renderTotals(invoice) {
  const { net, taxes, gross } = totals(invoice);
  const rows = [
    ["Net", formatMoney(net)],
    ...taxes.map((entry) => [`Tax ${entry.percent}%`, formatMoney(entry.tax)]),
    ["Total", formatMoney(gross)],
  ];
  if (invoice.payments.length > 0) rows.push(["To pay", formatMoney(balance(invoice))]);
  return textTable(rows, ["left", "right"]);
}

function discountText(discount) {
  if (discount === undefined) return "";
  return discount.percent === undefined ? formatMoney(discount.amount) : `${discount.percent}%`;
}
