/** How the scripted agent goes about each task; what it writes is under demo/edits/<task id>. */

export const SCRIPTS = {
  "credit-note": {
    steps: ["Reading src/invoice.js and how it checks its input", "Writing src/credit-note.js", "Writing its tests"],
    seconds: 2.4,
  },
  "credit-note-text": {
    steps: ["Reading src/render/invoice.js", "Writing src/render/credit-note.js and its test"],
    seconds: 2,
    runsTests: true,
  },
  "credit-note-command": {
    steps: ["Reading src/cli.js and the other commands", "Writing the command", "Writing its tests and documentation"],
    seconds: 2.2,
  },
  "aging-report": {
    steps: ["Reading src/report.js", "Choosing the borders of the groups", "Writing the report and its tests"],
    seconds: 2.8,
  },
  "revenue-report": {
    steps: ["Reading src/report.js", "Writing the report and its tests"],
    seconds: 2.4,
  },
  "currency-minor-units": {
    steps: ["Looking for every place that assumes two decimals", "Changing src/currency.js and src/money.js"],
    seconds: 3,
  },
  "csv-quoted-fields": {
    steps: ["Reading src/csv.js and RFC 4180", "Writing the new parser"],
    seconds: 1.5,
    failsAtFirst: "lost the connection to the model (a pretended fault of the first attempt)",
    onRetry: "Starting again from a clean workspace.",
    runsTests: true,
  },
  "discount-tests": {
    steps: ["Reading src/discount.js", "Looking for the limits worth a test", "Writing test/discount.test.js"],
    seconds: 2.2,
    runsTests: true,
  },
  "store-docs": {
    steps: ["Reading src/store.js", "Writing docs/store.md"],
    seconds: 2.6,
  },
  "html-invoice": {
    steps: ["Looking for a template engine", "Adding handlebars to package.json, which is none of this task's files"],
    seconds: 1.2,
    onRetry: "A careless agent: it does the same again.",
  },
};
