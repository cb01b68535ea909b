/** Parses in a child process what might crash the parser: the child is then lost, not this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Parsed } from "./module-record.ts";

const TIME_LIMIT_MS = 20_000;

/** The child's program is text, so that it is the same from source and from the build. */
const PROGRAM = `
import { readFileSync } from "node:fs";
const [, parser, name] = process.argv;
const { parseSync } = await import(parser);
const { module, errors } = parseSync(name, readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ module, errors: errors.length }));
`;

/** Undefined when the parser crashed, ran too long or could not be started. */
export async function parseApart(name: string, text: string): Promise<Parsed | undefined> {
  const parser = pathToFileURL(createRequire(import.meta.url).resolve("oxc-parser")).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, parser, name], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {},
    timeout: TIME_LIMIT_MS,
    windowsHide: true,
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(text);
  const answer = await outputOf(child);
  if (answer === "") return undefined;
  try {
    const parsed: Parsed = JSON.parse(answer);
    return parsed;
  } catch {
    return undefined;
  }
}

function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", () => resolve(""));
    child.on("close", (code) => resolve(code === 0 ? Buffer.concat(chunks).toString("utf8") : ""));
  });
}
