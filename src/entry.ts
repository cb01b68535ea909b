#!/usr/bin/env node
/** Entry of the command line: the version is known before anything else is loaded. */
import { version } from "./version.ts";

const [first, ...others] = process.argv.slice(2);
if (others.length === 0 && (first === "--version" || first === "-V")) process.stdout.write(`${version}\n`);
else await (await import("./cli.ts")).commandLine();
