/** Work over many files from the command line and over MCP: a codemod per file with no agent at all, a module each, bad options. */
import { describe, expect, test } from "vitest";
import { few } from "../rig/extent.ts";
import { git } from "../rig/git.ts";
import { Rig } from "../rig/rig.ts";

const FILES = {
  "src/a.js": "export const a = 1;\n",
  "src/b.js": "export const b = 2;\n",
  "src/deep/c.js": "import { a } from '../a.js';\nexport const c = a;\n",
  "notes.md": "# Notes\n",
};
const CODEMOD =
  "for (const file of process.argv.slice(1)) { const fs = require('node:fs'); fs.writeFileSync(file, '// licence\\n' + fs.readFileSync(file, 'utf8')); }";
const HEADER = ["run", "--pattern", "file", "--include", "src/**/*.js", "--request", "Add a licence header", "--json"];

describe("a codemod per file", () => {
  test("runs the command once per file, side by side, and lands one tested branch", async () => {
    await using rig = await Rig.create({ files: FILES });
    const { code, report } = await rig.cli([...HEADER, ...rig.usual, "--", "node", "-e", CODEMOD, "{file}"]);
    expect({ code, total: report.tasks_total, batches: report.batches_executed }).toEqual({
      code: 0,
      total: 3,
      batches: 1,
    });
    for (const file of ["src/a.js", "src/b.js", "src/deep/c.js"]) {
      expect(git(rig.repository, "show", `${report.branch}:${file}`)).toMatch(/^\/\/ licence\n/);
    }
    expect(git(rig.repository, "show", `${report.branch}:notes.md`)).toBe("# Notes\n");
  });

  test("per shard: {files} are the paths of the task", async () => {
    await using rig = await Rig.create({ files: FILES });
    const args = [...HEADER, "--per-task", "2", ...rig.usual, "--", "node", "-e", CODEMOD, "{files}"];
    const { report } = await rig.cli(args);
    expect(report).toMatchObject({ tasks_total: 2, tasks_succeeded: 2, final_status: "success" });
  });
});

test("plan --pattern module shows a task per module and runs nothing", async () => {
  await using rig = await Rig.create({ files: FILES });
  const args = ["plan", "--pattern", "module", "--include", "src", "--request", "Tidy", "--json", ...rig.usual];
  const { json } = await rig.cli(args);
  expect(json.batches).toMatchObject([{ tasks: ["src"] }, { tasks: ["src-deep"] }]);
  const free = await rig.cli([...args, "--evidence", "declared"]);
  expect(free.json.batches).toMatchObject([{ tasks: ["src", "src-deep"] }]);
});

describe("bad options start nothing and say what to do", () => {
  test.each(
    few(2, [
      [["--include", "src", "--tasks", "x.yaml"], "--include goes with --pattern"],
      [["--pattern", "file", "--tasks", "x.yaml"], "--pattern and --tasks are both given"],
      [["--pattern", "file"], "--pattern needs --request"],
      [
        ["--pattern", "file", "--request", "x", "--include", "nowhere/**"],
        'pattern.include "nowhere/**" matches no file',
      ],
      [["--pattern", "file", "--request", "x", "--per-task", "0"], "--per-task"],
      [["--pattern", "all", "--request", "x"], "--pattern"],
      [["--tasks", "x.yaml", "--evidence", "guess"], "--evidence"],
    ]),
  )("%j", async (args, message) => {
    await using rig = await Rig.create({ files: FILES });
    const answer = await rig.cli(["run", ...args, "--json", ...rig.usual]);
    expect(answer.code).toBe(2);
    expect(answer.failure.message).toContain(message);
    expect(rig.ownRefs()).toEqual([]);
  });
});
