import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { main } from "../src/cli.js";

const LINES = "description,quantity,unit_price,tax_percent,discount\nWorkshop,2,450.00,19,10%\n";

let folder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tallybook-cli-"));
  await writeFile(join(folder, "lines.csv"), LINES);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function tallybook(...args) {
  const printed = [];
  const print = (text) => printed.push(text);
  const book = ["--book", join(folder, "book.json"), "--today", "2025-03-01"];
  const code = await main([...args, ...book], { log: print, error: print });
  return { code, text: printed.join("\n") };
}

const newInvoice = () => tallybook("new", "--customer", "Ada", "--lines", join(folder, "lines.csv"));

test("an invoice is made, listed, shown and paid", async () => {
  assert.match((await newInvoice()).text, /Invoice INV-0001.*Total\s+€963.90/s);
  assert.match((await tallybook("list")).text, /INV-0001\s+Ada\s+2025-03-31\s+open\s+€963.90/);
  assert.match((await tallybook("show", "INV-0001")).text, /Workshop\s+2\s+€450.00\s+10%\s+€810.00/);
  assert.equal((await tallybook("pay", "INV-0001", "900")).text, "INV-0001: €63.90 left to pay.");
  assert.match((await tallybook("report", "outstanding")).text, /INV-0001\s+Ada\s+2025-03-31\s+0\s+€63.90/);
});

test("numbers run on", async () => {
  await newInvoice();
  assert.match((await newInvoice()).text, /Invoice INV-0002/);
});

test("wrong input is answered in one line and with exit code 2", async () => {
  const cases = [
    [["pay", "INV-0009", "1"], /there is no invoice INV-0009/],
    [["new", "--customer", "Ada"], /--lines is missing/],
    [["report", "weather"], /there is no report "weather"; there are .*outstanding, paid/],
    [["list", "--colour"], /Unknown option '--colour'/],
  ];
  for (const [args, message] of cases) {
    const { code, text } = await tallybook(...args);
    assert.equal(code, 2);
    assert.match(text, message);
  }
});

test("help names every command", async () => {
  const { code, text } = await tallybook("help");
  assert.equal(code, 0);
  for (const name of ["list", "new", "pay", "report", "show"]) assert.match(text, new RegExp(`tallybook ${name}`));
});
