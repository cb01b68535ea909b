/** How the demo prints: headed sections, plain lines, output of programs set in by two spaces. */
import { styleText } from "node:util";

const coloured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

export function heading(text) {
  console.log(`\n${coloured ? styleText("bold", text) : text}\n${"-".repeat(text.length)}`);
}

export function say(...lines) {
  console.log(lines.join("\n"));
}

export function setIn(text) {
  console.log(text.trimEnd().replace(/^(?=.)/gm, "  "));
}

/** Rows of text as columns, the first row underlined. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  "));
  setIn([lines[0], "-".repeat(lines[0].length), ...lines.slice(1)].map((line) => line.trimEnd()).join("\n"));
}
