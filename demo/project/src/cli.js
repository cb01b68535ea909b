#!/usr/bin/env node
/** The command line: finds the command, loads the book for it, prints what it returns and saves what it changed. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listCommand, newCommand, payCommand, showCommand } from "./commands/invoices.js";
import { reportCommand } from "./commands/report.js";
import { isoDate, today } from "./dates.js";
import { InvalidInput } from "./errors.js";
import { loadBook, saveBook } from "./store.js";

const COMMANDS = {
  list: listCommand,
  new: newCommand,
  pay: payCommand,
  report: reportCommand,
  show: showCommand,
};

const COMMON = {
  book: { type: "string", default: "tallybook.json" },
  today: { type: "string" },
};

export function usage() {
  const lines = Object.values(COMMANDS).map((command) => `  tallybook ${command.usage}`);
  return ["Usage:", ...lines, "", "Everywhere: --book FILE (tallybook.json), --today DAY"].join("\n");
}

/** Runs one command and returns the exit code: 0 done, 2 wrong input. */
export async function main([name = "help", ...rest], print = console) {
  if (!Object.hasOwn(COMMANDS, name)) {
    const asked = ["help", "--help", "-h"].includes(name);
    print[asked ? "log" : "error"](asked ? usage() : `There is no command "${name}".\n${usage()}`);
    return asked ? 0 : 2;
  }
  try {
    print.log(await runCommand(COMMANDS[name], rest));
    return 0;
  } catch (error) {
    if (!isInputError(error)) throw error;
    print.error(`tallybook: ${error.message}`);
    return 2;
  }
}

async function runCommand(command, args) {
  const { values, positionals } = parseArgs({
    args,
    options: { ...COMMON, ...command.options },
    allowPositionals: true,
  });
  const book = await loadBook(values.book);
  const result = await command.run({ book, values, positionals, today: isoDate(values.today ?? today()) });
  if (result.book !== undefined) await saveBook(values.book, result.book);
  return result.text;
}

function isInputError(error) {
  return error instanceof InvalidInput || String(error.code).startsWith("ERR_PARSE_ARGS");
}

const startedDirectly =
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (startedDirectly) process.exitCode = await main(process.argv.slice(2));
