import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { findInvoice, loadBook, saveBook, withInvoice } from "../src/store.js";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallybook-store-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a book that does not exist yet is empty", async () => {
  assert.deepEqual(await loadBook(join(folder, "none.json")), { version: 1, invoices: [] });
});

test("what is saved is loaded again, keys of other programs included", async () => {
  const file = join(folder, "book.json");
  const book = { version: 1, invoices: [{ number: "INV-0001" }], notes: "mine" };
  await saveBook(file, book);
  assert.deepEqual(await loadBook(file), book);
  assert.deepEqual(await readdir(folder), ["book.json"]);
});

test("other formats are refused by name", async () => {
  const file = join(folder, "book.json");
  await writeFile(file, "{");
  await assert.rejects(loadBook(file), /is not JSON/);
  await writeFile(file, '{ "version": 2 }');
  await assert.rejects(loadBook(file), /format version 2/);
});

test("an invoice is added once and then replaced", () => {
  const one = withInvoice({ version: 1, invoices: [] }, { number: "INV-0001", customer: "Ada" });
  const two = withInvoice(one, { number: "INV-0001", customer: "Grace" });
  assert.equal(two.invoices.length, 1);
  assert.equal(findInvoice(two, "INV-0001").customer, "Grace");
  assert.throws(() => findInvoice(two, "INV-0002"), /there is no invoice INV-0002/);
});
