/** What programs that use tallybook as a library may import. */
export { parseCsv } from "./csv.js";
export { currencyCodes } from "./currency.js";
export { amountDiscount, applyDiscount, parseDiscount, percentDiscount } from "./discount.js";
export { InvalidInput } from "./errors.js";
export { createInvoice, totals } from "./invoice.js";
export { lineFromRecord, lineItem, lineNet } from "./line-item.js";
export { add, formatMoney, money, parseMoney, percentOf, scale, subtract, sum } from "./money.js";
export { nextNumber } from "./numbering.js";
export { balance, recordPayment, statusOf } from "./payment.js";
export { renderInvoice } from "./render/invoice.js";
export { REPORTS } from "./report.js";
export { findInvoice, loadBook, saveBook, withInvoice } from "./store.js";
