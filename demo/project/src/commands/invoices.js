/** The commands that make, show and settle invoices. Each gets the book and returns what to print, and the changed book if any. */
import { readFile } from "node:fs/promises";
import { parseCsv } from "../csv.js";
import { isoDate } from "../dates.js";
import { InvalidInput } from "../errors.js";
import { createInvoice, totals } from "../invoice.js";
import { lineFromRecord } from "../line-item.js";
import { formatMoney, parseMoney } from "../money.js";
import { nextNumber } from "../numbering.js";
import { balance, recordPayment, statusOf } from "../payment.js";
import { renderInvoice } from "../render/invoice.js";
import { tableWithHeader } from "../render/table.js";
import { findInvoice, withInvoice } from "../store.js";

export const newCommand = {
  usage: "new --customer NAME --lines FILE.csv [--currency EUR] [--due-days 30]",
  options: {
    customer: { type: "string" },
    lines: { type: "string" },
    currency: { type: "string", default: "EUR" },
    "due-days": { type: "string", default: "30" },
  },
  async run({ book, values, today }) {
    if (values.customer === undefined) throw new InvalidInput("--customer is missing");
    if (values.lines === undefined) throw new InvalidInput("--lines is missing");
    const records = parseCsv(await readText(values.lines));
    const invoice = createInvoice({
      number: nextNumber(
        book.invoices.map((known) => known.number),
        "INV",
      ),
      customer: values.customer,
      currency: values.currency,
      issued: today,
      dueDays: Number(values["due-days"]),
      lines: records.map((record) => lineFromRecord(record, values.currency)),
    });
    return { text: renderInvoice(invoice), book: withInvoice(book, invoice) };
  },
};

export const listCommand = {
  usage: "list",
  options: {},
  run({ book, today }) {
    if (book.invoices.length === 0) return { text: "No invoices yet." };
    const rows = book.invoices.map((invoice) => [
      invoice.number,
      invoice.customer,
      invoice.due,
      statusOf(invoice, today),
      formatMoney(totals(invoice).gross),
    ]);
    const columns = ["Number", "Customer", "Due", "Status", "Total"];
    return { text: tableWithHeader(columns, rows, ["left", "left", "left", "left", "right"]).join("\n") };
  },
};

export const showCommand = {
  usage: "show NUMBER",
  options: {},
  run({ book, positionals: [number = ""] }) {
    return { text: renderInvoice(findInvoice(book, number)) };
  },
};

export const payCommand = {
  usage: "pay NUMBER AMOUNT [--date DAY]",
  options: { date: { type: "string" } },
  run({ book, positionals: [number = "", amount = ""], values, today }) {
    const invoice = findInvoice(book, number);
    const date = isoDate(values.date ?? today);
    const settled = recordPayment(invoice, { date, amount: parseMoney(amount, invoice.currency) });
    return { text: `${number}: ${formatMoney(balance(settled))} left to pay.`, book: withInvoice(book, settled) };
  },
};

async function readText(file) {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new InvalidInput(`cannot read ${file}: ${error.code}`);
  }
}
