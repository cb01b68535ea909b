#!/usr/bin/env node
/** Replays windows of real commits through the product: one task per commit, and upstream's own tree as the answer. `--help` lists the options. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chooseCases, readCases } from "./replay/cases.mjs";
import { MODES, runCase } from "./replay/run-case.mjs";
import { explain, misses, row, summarise, table } from "./replay/table.mjs";

const USAGE = `usage: FORKJOIN_BENCH_DATA=DIR npm run bench -- replay [CASE …] [options]

CASE               names of cases, or their beginnings; without any, all in $FORKJOIN_BENCH_DATA/replay
--mode MODE        only this one: ${Object.keys(MODES).join(" or ")} (default: both)
--cli FILE         the product (default: dist/cli.js of this clone)
--max-parallel N   agents at the same time (default: 5)
--keep             keep the temporary folder, and say where it is

Exits 1 when a case that plain git merges to upstream's tree misses it in mode declared.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: { type: "string" },
    cli: { type: "string", default: fileURLToPath(new URL("../dist/cli.js", import.meta.url)) },
    "max-parallel": { type: "string", default: "5" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function replayAll(cases, modes) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-replay-")));
  const options = { folder, cli: resolve(values.cli), maxParallel: values["max-parallel"] };
  if (!values.keep) process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
  const outcomes = [];
  for (const mode of modes) {
    for (const replayed of cases) {
      const outcome = await runCase(replayed, mode, options);
      outcomes.push(outcome);
      process.stderr.write(`${row(outcome).join("  ")}\n`);
    }
  }
  if (values.keep) console.log(`kept: ${folder}\n`);
  return outcomes;
}

async function main() {
  if (values.help) return console.log(USAGE);
  const data = process.env.FORKJOIN_BENCH_DATA;
  if (data === undefined || data === "") {
    return console.log("replay skipped: FORKJOIN_BENCH_DATA does not name the folder with the cases");
  }
  const modes = values.mode === undefined ? Object.keys(MODES) : [values.mode];
  if (modes.some((mode) => MODES[mode] === undefined)) throw new Error(`--mode ${values.mode}\n\n${USAGE}`);
  const cases = chooseCases(readCases(join(data, "replay")), positionals);
  const outcomes = await replayAll(cases, modes);
  for (const mode of modes) {
    const ofMode = outcomes.filter((outcome) => outcome.mode === mode);
    console.log(`${mode}: ${MODES[mode].what}\n\n${table(ofMode)}\n\n${summarise(ofMode)}\n`);
  }
  for (const line of outcomes.flatMap(explain)) console.log(line);
  process.exitCode = outcomes.some(misses) ? 1 : 0;
}

await main();
