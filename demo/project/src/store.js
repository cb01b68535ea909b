/** The book: one JSON file, replaced as a whole so that a crash leaves the old one or the new one, never half of it. */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { InvalidInput } from "./errors.js";

const VERSION = 1;

/** The book in `file`; an empty one when there is no such file. Keys it does not know are kept. */
export async function loadBook(file) {
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return { version: VERSION, invoices: [] };
  const book = parseBook(text, file);
  if (book.version !== VERSION) {
    throw new InvalidInput(`${file} has format version ${book.version}; this program reads version ${VERSION}`);
  }
  return { ...book, invoices: book.invoices ?? [] };
}

/** Writes `book` beside `file` first, then renames it into place. */
export async function saveBook(file, book) {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(book, null, 2)}\n`, { flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export function findInvoice(book, number) {
  const invoice = book.invoices.find((candidate) => candidate.number === number);
  if (invoice === undefined) throw new InvalidInput(`there is no invoice ${number}`);
  return invoice;
}

/** The book with `invoice` in the place of the one with the same number, or at the end. */
export function withInvoice(book, invoice) {
  const known = book.invoices.some((candidate) => candidate.number === invoice.number);
  const invoices = known
    ? book.invoices.map((candidate) => (candidate.number === invoice.number ? invoice : candidate))
    : [...book.invoices, invoice];
  return { ...book, invoices };
}

function parseBook(text, file) {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput(`${file} is not a tallybook file: it is not JSON`);
  }
}
