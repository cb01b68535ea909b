/** The command that prints one of the reports. */
import { InvalidInput } from "../errors.js";
import { tableWithHeader } from "../render/table.js";
import { REPORTS } from "../report.js";

const names = () => Object.keys(REPORTS).sort().join(", ");

export const reportCommand = {
  usage: `report NAME (${names()})`,
  options: {},
  run({ book, positionals: [name = ""], today }) {
    if (!Object.hasOwn(REPORTS, name)) throw new InvalidInput(`there is no report "${name}"; there are ${names()}`);
    const { title, columns, rows } = REPORTS[name](book.invoices, today);
    if (rows.length === 0) return { text: `${title}: nothing.` };
    const align = columns.map((_, column) => (column === columns.length - 1 ? "right" : "left"));
    return { text: [title, "", ...tableWithHeader(columns, rows, align)].join("\n") };
  },
};
