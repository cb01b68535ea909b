import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { main } from "../src/cli.js";
import * as tallybook from "../src/index.js";

const LINES = "description,quantity,unit_price,tax_percent,discount\nWorkshop,1,400.00,19,\nTravel,1,100.00,19,\n";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallybook-credit-"));
  await writeFile(join(folder, "lines.csv"), LINES);
  for (const customer of ["Ada", "Grace"]) {
    await run("new", "--customer", customer, "--lines", join(folder, "lines.csv"));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args) {
  const printed = [];
  const print = (text) => printed.push(text);
  const book = ["--book", join(folder, "book.json"), "--today", "2025-03-01"];
  const code = await main([...args, ...book], { log: print, error: print });
  return { code, text: printed.join("\n") };
}

test("an invoice is taken back and the note is kept", async () => {
  const { text } = await run("credit", "INV-0001", "--reason", "Cancelled");
  assert.match(text, /Credit note CN-0001.*Credit +-€595\.00$/s);
  const book = await tallybook.loadBook(join(folder, "book.json"));
  assert.equal(book.creditNotes[0].invoice, "INV-0001");
  assert.match((await run("credit", "INV-0002", "--reason", "Cancelled")).text, /CN-0002/);
});

test("some lines are taken back", async () => {
  const { text } = await run("credit", "INV-0001", "--reason", "No travel", "--lines", "2");
  assert.match(text, /Credit +-€119\.00$/);
});

test("an invoice is credited once, with a reason, and only the lines it has", async () => {
  const cases = [
    [["INV-0001"], /needs a reason/],
    [["INV-0001", "--reason", "x", "--lines", "3"], /has no line 3/],
    [["INV-0009", "--reason", "x"], /there is no invoice INV-0009/],
  ];
  for (const [args, message] of cases) assert.match((await run("credit", ...args)).text, message);
  await run("credit", "INV-0001", "--reason", "Cancelled");
  const again = await run("credit", "INV-0001", "--reason", "Cancelled");
  assert.equal(again.code, 2);
  assert.match(again.text, /INV-0001 was credited already, by CN-0001/);
});

test("credit notes are part of the library", () => {
  assert.equal(typeof tallybook.createCreditNote, "function");
  assert.equal(typeof tallybook.renderCreditNote, "function");
});
