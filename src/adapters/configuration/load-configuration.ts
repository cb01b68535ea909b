/** The operator's configuration file, with the coding agents found on this machine added by name. */
import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import { Configuration } from "../../core/model/configuration.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import { ownValue } from "../../core/model/own-value.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { readYaml } from "./read-yaml.ts";

/** `file` as given, else `$XDG_CONFIG_HOME/forkjoin/config.yaml` where it exists, else the defaults. */
export async function loadConfiguration(file: string | undefined): Promise<Result<Configuration>> {
  const chosen = file ?? (await usualFile());
  if (chosen === undefined) return ok(Configuration.parse({}));
  const read = await readYaml(chosen, "invalid_configuration");
  if (!read.ok) return read;
  const parsed = Configuration.safeParse(read.value ?? {});
  return parsed.success ? checked(parsed.data, chosen) : err(invalid(parsed.error.issues, read.value, chosen));
}

async function usualFile(): Promise<string | undefined> {
  const folder = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  const file = join(folder, "forkjoin", "config.yaml");
  return access(file).then(
    () => file,
    () => undefined,
  );
}

/** Names that other keys use must be defined. */
function checked(configuration: Configuration, file: string): Result<Configuration> {
  const unknown = configuration.validate.find((name) => ownValue(configuration.checks, name) === undefined);
  if (unknown === undefined) return ok(configuration);
  const known = Object.keys(configuration.checks).join(", ") || "none";
  const message = `${file}: validate names ${JSON.stringify(unknown)}, which is not under checks`;
  return err(failure("invalid_configuration", message, `known checks: ${known}`));
}

function invalid(issues: z.core.$ZodIssue[], value: unknown, file: string): Failure {
  const problems = issues.map((issue) => {
    const field = issue.path.map(String).join(".") || "(the file)";
    const found = valueAt(value, issue.path);
    const shown = found === undefined ? "" : ` is ${(JSON.stringify(found) ?? "").slice(0, 80)}`;
    const fix = issue.code === "unrecognized_keys" ? `known keys: ${KEYS.join(", ")}` : `correct ${field}`;
    return { field, code: "invalid_field", message: `${file}: ${field}${shown}: ${issue.message}`, fix };
  });
  const first = problems[0];
  return { ...failure("invalid_configuration", first?.message ?? file, first?.fix ?? ""), problems };
}

const KEYS = Object.keys(Configuration.shape);

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}
