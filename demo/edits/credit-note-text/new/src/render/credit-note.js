/** A credit note as plain text, laid out like the invoice it belongs to. */
import { totals } from "../invoice.js";
import { formatMoney, subtract, zero } from "../money.js";
import { renderLines } from "./invoice.js";
import { textTable } from "./table.js";

export function renderCreditNote(note) {
  return [
    `Credit note ${note.number}`,
    `Invoice     ${note.invoice}`,
    `To          ${note.customer}`,
    `Issued      ${note.issued}`,
    `Reason      ${note.reason}`,
    "",
    ...renderLines(note.lines),
    "",
    ...renderTotals(note),
  ].join("\n");
}

/** The same totals as on an invoice, as amounts that are given back. */
function renderTotals(note) {
  const { net, taxes, gross } = totals(note);
  const rows = [
    ["Net", givenBack(net)],
    ...taxes.map((entry) => [`Tax ${entry.percent}%`, givenBack(entry.tax)]),
    ["Credit", givenBack(gross)],
  ];
  return textTable(rows, ["left", "right"]);
}

function givenBack(amount) {
  return formatMoney(subtract(zero(amount.currency), amount));
}
