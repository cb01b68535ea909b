/** The validator port: a check is a command that passes when it exits 0. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parseDuration } from "../../core/model/duration.ts";
import type { Validator } from "../../core/ports/validator.ts";
import { childEnvironment } from "./child-environment.ts";
import { type ProcessOutcome, runProcess } from "./run-process.ts";

export function commandValidator(): Validator {
  return {
    async run({ name, check, directory, folder }, signal) {
      const outcome = await runProcess(
        {
          command: check.command,
          directory,
          env: childEnvironment(folder, check.env),
          log_file: join(folder, `check-${name.replaceAll("/", "-")}.log`),
          timeout_ms: parseDuration(check.timeout) ?? 0,
          mark: folder,
        },
        signal,
      );
      const passed = outcome.end === "exited" && outcome.code === 0;
      return { check: name, passed, duration_ms: outcome.duration_ms, output: outputOf(outcome) };
    },
  };
}

/** The tail of the output; what ended the check stands before it when it did not end by itself. */
function outputOf(outcome: ProcessOutcome): string {
  const text = stripVTControlCharacters(outcome.tail);
  if (outcome.end === "not_started") return `could not be started: ${outcome.cause}`;
  return outcome.end === "exited" ? text : `${outcome.end.replace("_", " ")}\n${text}`;
}
