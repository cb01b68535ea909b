/** Text in columns, for terminals and for invoices that are sent as plain text. */

const GAP = "  ";

/** Lines of `rows` (arrays of text, all of one length), each column as wide as its widest cell; `align` is "left" or "right" per column. */
export function textTable(rows, align) {
  const widths = align.map((_, column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (align[column] === "right" ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join(GAP)
      .trimEnd(),
  );
}

/** The same with a header and a rule under it. */
export function tableWithHeader(columns, rows, align) {
  const lines = textTable([columns, ...rows], align);
  const width = Math.max(...lines.map((line) => line.length));
  return [lines[0], "-".repeat(width), ...lines.slice(1)];
}
