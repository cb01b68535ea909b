/** The files that starting a command takes: its program, what its first line names, what a wrapper starts, the folders a script looks into. */
import { closeSync, openSync, readFileSync, readSync, realpathSync, type Stats, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";

const MAX_SCRIPT_BYTES = 64_000;
/** Wrappers start wrappers; nobody means more than this. */
const MAX_STEPS = 30;

/** Absolute paths that exist, as they are named, in the order they are come upon. */
export function programFiles(command: string[]): string[] {
  const found = new Set<string>();
  const pending = [...named(command)];
  for (let file = pending.shift(); file !== undefined && found.size < MAX_STEPS; file = pending.shift()) {
    if (found.has(file) || !exists(file)) continue;
    found.add(file);
    pending.push(...leadsTo(file));
  }
  return [...found];
}

/** The program as PATH finds it, and every absolute path among the arguments: `/x`, and the value of `--option=/x`. */
function named(command: string[]): string[] {
  const [program = "", ...args] = command;
  return [...(lookUp(program) ?? []), ...args.flatMap(absolutePath)];
}

function lookUp(program: string): string[] | undefined {
  if (program.includes("/")) return isAbsolute(program) ? [program] : undefined;
  const file = searched()
    .map((folder) => join(folder, program))
    .find(isProgram);
  return file === undefined ? undefined : [file];
}

export function searched(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
}

function absolutePath(part: string): string[] {
  const value = part.startsWith("-") ? part.slice(part.indexOf("=") + 1) : part;
  return isAbsolute(value) && !value.includes("\n") && value.length < 4_096 ? [value] : [];
}

/** Files that a file needs besides itself. */
function leadsTo(file: string): string[] {
  const real = realpathSync(file);
  const more = real === file ? [] : [real];
  const environment = environmentOf(file);
  const text = scriptOf(real);
  if (text === undefined) return [...more, ...environment];
  return [...more, ...environment, ...interpreterOf(text), ...startedBy(text), ...lookedInto(text, real)];
}

/** A virtual environment, and the interpreter that it was made from. */
function environmentOf(file: string): string[] {
  const settings = join(dirname(dirname(file)), "pyvenv.cfg");
  const base = /^home\s*=\s*(.+)$/m.exec(textOf(settings) ?? "")?.[1]?.trim();
  return base === undefined ? [] : [settings, ...["python3", "python"].map((name) => join(base, name))];
}

/** `#!/path/python` and `#!/usr/bin/env python`. */
function interpreterOf(text: string): string[] {
  const [interpreter = "", ...args] = (/^#!\s*([^\n]+)/.exec(text)?.[1] ?? "").trim().split(/\s+/);
  if (interpreter === "") return [];
  if (!interpreter.endsWith("/env")) return [interpreter];
  const program = args.find((word) => !word.startsWith("-") && !word.includes("="));
  return program === undefined ? [] : (lookUp(program) ?? []);
}

/** Absolute paths at the place of a command in a shell script: at the start of a line, or after `exec`. */
function startedBy(text: string): string[] {
  if (!/^#!.*\b(sh|bash|dash|zsh|ksh)\b/.test(text)) return [];
  const commands = text.matchAll(
    /(?:^|[;&|(]|\bexec\s|\bthen\s|\bdo\s)\s*(?:exec\s+)?["']?((?:\/|~\/|\$HOME\/|\$\{HOME\}\/)[^\s"';&|)]+)/gm,
  );
  return [...commands]
    .map((match) => (match[1] ?? "").replace(/^(~|\$HOME|\$\{HOME\})/, process.env.HOME ?? "~"))
    .filter(isAbsolute);
}

/** Lines that say where modules are looked for. */
const LOOKS =
  /sys\.path|__file__|__dirname|import\.meta|require\s*\(|\bfrom\s+["']\.|\bimport\s*\(?["']\.|\$0|BASH_SOURCE/;

/** The folder that a script reaches by `..`, or by the parents of its own place: it looks for its modules there. */
function lookedInto(script: string, file: string): string[] {
  const text = script
    .split("\n")
    .filter((line) => LOOKS.test(line))
    .join("\n");
  const dots = [...text.matchAll(/(?:\.\.["'\s,/)]*)+/g)].map((match) => match[0].match(/\.\./g)?.length ?? 0);
  const parents = [...text.matchAll(/(?:\.parent\b)+/g)]
    .map((match) => match[0].match(/parent/g)?.length ?? 1)
    .map((count) => count - 1);
  const numbered = [...text.matchAll(/\.parents\[(\d)\]/g)].map((match) => Number(match[1]));
  const nested = [...text.matchAll(/(?:dirname\s*\(\s*(?:\w+\.)*)+/g)].map(
    (match) => (match[0].match(/dirname/g)?.length ?? 1) - 1,
  );
  const ups = Math.max(0, ...dots, ...parents, ...numbered, ...nested);
  return ups === 0 ? [] : [resolve(dirname(file), ...Array.from({ length: ups }, () => ".."))];
}

/** A text of a size that people write by hand. */
function scriptOf(file: string): string | undefined {
  const stats = statSync(file);
  if (!stats.isFile() || stats.size > MAX_SCRIPT_BYTES || !startsAsScript(file)) return undefined;
  return textOf(file);
}

function startsAsScript(file: string): boolean {
  if (/\.(py|sh|js|mjs|cjs|rb|pl|ts)$/.test(file)) return true;
  try {
    const descriptor = openSync(file, "r");
    try {
      const start = Buffer.alloc(2);
      return readSync(descriptor, start) === 2 && start.toString("latin1") === "#!";
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function exists(file: string): boolean {
  return statsOf(file) !== undefined;
}

function isProgram(file: string): boolean {
  const stats = statsOf(file);
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
}

/** Undefined, too, for what lies in a folder that this user may not enter. */
function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
