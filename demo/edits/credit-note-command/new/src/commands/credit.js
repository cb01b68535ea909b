/** The command that takes back an invoice, or some of its lines. */
import { createCreditNote } from "../credit-note.js";
import { InvalidInput } from "../errors.js";
import { nextNumber } from "../numbering.js";
import { renderCreditNote } from "../render/credit-note.js";
import { findInvoice } from "../store.js";

export const creditCommand = {
  usage: "credit NUMBER --reason TEXT [--lines 1,3]",
  options: { reason: { type: "string", default: "" }, lines: { type: "string" } },
  run({ book, positionals: [number = ""], values, today }) {
    const invoice = findInvoice(book, number);
    const notes = book.creditNotes ?? [];
    const earlier = notes.find((note) => note.invoice === number);
    if (earlier !== undefined) throw new InvalidInput(`${number} was credited already, by ${earlier.number}`);
    const note = createCreditNote(invoice, {
      number: nextNumber(
        notes.map((known) => known.number),
        "CN",
      ),
      issued: today,
      reason: values.reason,
      lines: values.lines?.split(",").map(Number),
    });
    return { text: renderCreditNote(note), book: { ...book, creditNotes: [...notes, note] } };
  },
};
