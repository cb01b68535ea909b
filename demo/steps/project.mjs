/** Makes the demo's repository: the project under demo/project as several commits on main, as if it had grown. */
import { cp, mkdir } from "node:fs/promises";
import { git } from "./git.mjs";

const HISTORY = [
  {
    date: "2025-03-03T09:12:00Z",
    message: "Keep money as whole minor units",
    paths: ["package.json", ".gitignore", "src/errors.js", "src/currency.js", "src/money.js", "test/money.test.js"],
  },
  {
    date: "2025-03-04T10:40:00Z",
    message: "Add invoices with discounts and one tax sum per rate",
    paths: [
      ...["src/dates.js", "src/discount.js", "src/line-item.js", "src/invoice.js"],
      ...["test/dates.test.js", "test/invoice.test.js"],
    ],
  },
  {
    date: "2025-03-06T14:05:00Z",
    message: "Number documents and record payments",
    paths: ["src/numbering.js", "src/payment.js", "test/numbering.test.js", "test/payment.test.js"],
  },
  {
    date: "2025-03-10T08:55:00Z",
    message: "Keep the book in one JSON file and read lines from CSV",
    paths: ["src/store.js", "src/csv.js", "test/store.test.js", "test/csv.test.js"],
  },
  {
    date: "2025-03-12T16:20:00Z",
    message: "Print invoices, tables and reports as text",
    paths: ["src/render", "src/report.js", "test/render.test.js", "test/report.test.js"],
  },
  {
    date: "2025-03-17T11:30:00Z",
    message: "Add the command line and name what is public",
    paths: ["src/commands", "src/cli.js", "src/index.js", "test/cli.test.js"],
  },
  {
    date: "2025-03-18T09:00:00Z",
    message: "Document the commands and how money is kept",
    paths: ["README.md", "docs"],
  },
];

/** Copies `source` to `directory` and commits it there, group by group. */
export async function makeProject(source, directory) {
  await mkdir(directory, { recursive: true });
  await cp(source, directory, { recursive: true });
  git(directory, ["init", "--quiet", "--initial-branch=main"]);
  git(directory, ["config", "user.name", "Robin Example"]);
  git(directory, ["config", "user.email", "robin@example.com"]);
  for (const { date, message, paths } of HISTORY) {
    git(directory, ["add", "--", ...paths]);
    git(directory, ["commit", "--quiet", "-m", message], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  }
  const left = git(directory, ["status", "--porcelain"]);
  if (left !== "") throw new Error(`the history of the demo leaves files out:\n${left}`);
}
