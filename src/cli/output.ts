/** How the command line speaks: results on stdout, everything else on stderr; with `--json` exactly one document on stdout. */
import type { Failure } from "../core/model/failure.ts";

export const EXIT = { success: 0, incomplete: 1, usage: 2, review: 3, interrupted: 130 } as const;

/** Ends a command with a failure and its exit code. */
export class CommandFailed extends Error {
  readonly failure: Failure;
  readonly exitCode: number;
  constructor(failure: Failure, exitCode: number = EXIT.usage) {
    super(failure.message);
    this.failure = failure;
    this.exitCode = exitCode;
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A failure for people: what, where, and the cure; every problem on a line of its own. */
export function printFailure({ message, hint, problems }: Failure): void {
  if (problems === undefined || problems.length < 2) {
    note(`forkjoin: ${plain(message)}\n  ${plain(hint)}`);
    return;
  }
  note(`forkjoin: ${problems.length} problems, nothing was started`);
  for (const problem of problems) note(`- ${plain(problem.message)}\n  ${plain(problem.fix)}`);
}

/** Text that came from files and agents cannot move the cursor or colour the screen. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "");
}

/** `1 task`, `2 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Columns as wide as their widest cell. */
export function columns(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, text] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
  }
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
