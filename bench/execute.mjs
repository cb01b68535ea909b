#!/usr/bin/env node
/** What phase 4 costs and what it leaves behind, each as a real run of real processes. Needs `npm run build`; `--help` lists the sections. */
import { parseArgs } from "node:util";
import { fifty } from "./execute/fifty.mjs";
import { killed } from "./execute/killed.mjs";
import { output } from "./execute/output.mjs";
import { overhead } from "./execute/overhead.mjs";
import { verifier } from "./execute/verifier.mjs";

const SECTIONS = { verifier, overhead, fifty, killed, output };

const USAGE = `usage: npm run bench -- execute [SECTION …] [options]

verifier   a changed file found among 10,000 and 50,000
overhead   one attempt beside git worktree add + spawn + git commit
fifty      50 tasks, all at the same moment: failures, and what is left over
killed     the MCP server killed -9 while 20 agents work: who survives
output     the MCP server's peak of resident memory while 50 agents print 50 MB each

--rounds N   of verifier and overhead (default: 5); their figures are medians

Exits 1 when a goal is missed.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, help: { type: "boolean", default: false } },
});
const unknown = positionals.filter((name) => SECTIONS[name] === undefined);

if (values.help) console.log(USAGE);
else if (unknown.length > 0) {
  process.stderr.write(`no section is called ${unknown.join(", ")}\n\n${USAGE}\n`);
  process.exitCode = 2;
} else {
  const names = positionals.length === 0 ? Object.keys(SECTIONS) : positionals;
  console.log("| what | goal | reached | |\n| --- | --- | --- | --- |");
  for (const name of names) {
    for await (const row of SECTIONS[name]({ rounds: Number(values.rounds) })) {
      const { what, goal = "", reached, missed = false } = row;
      console.log(`| ${what} | ${goal} | ${reached} | ${missed ? "missed" : ""} |`);
      if (missed) process.exitCode = 1;
    }
  }
}
