/** Failures inside the sandbox that are found before anything starts: a program that is hidden there, a folder that cannot be shown. */
import { dirname } from "node:path";
import type { AgentConfiguration } from "../../core/model/configuration.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import { agentCommand } from "./presets.ts";

type Places = Pick<AgentConfiguration, "show" | "writable" | "env">;

/** Why one of the folders that are named for the sandbox cannot be opened, if so. `field` is where they stand. */
export function placesProblem(field: string, places: Places, sandbox: Sandbox): Failure | undefined {
  for (const key of ["show", "writable"] as const) {
    for (const [index, path] of (places[key] ?? []).entries()) {
      const problem = sandbox.placeProblem(path);
      if (problem === undefined) continue;
      const message = `${field}.${key}[${index}]: ${JSON.stringify(path)} ${problem}`;
      return failure("invalid_configuration", message, "name the folder inside it that is needed");
    }
  }
  return undefined;
}

/** Problem of a command whose own files say that it needs files the sandbox hides. */
export function hiddenProblem(
  command: string[],
  agent: AgentConfiguration,
  sandbox: Sandbox,
): Pick<Failure, "message" | "hint"> | undefined {
  const { granted } = agentCommand(agent);
  const named = Array.isArray(agent.env)
    ? agent.env.flatMap((name) => process.env[name] ?? [])
    : Object.values(agent.env);
  const open = [
    ...(agent.show ?? []),
    ...(agent.writable ?? []),
    ...granted,
    ...named.filter((value) => value.startsWith("/")),
  ];
  const [file, ...others] = sandbox.missing(command, open);
  if (file === undefined) return undefined;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return {
    message: `${JSON.stringify(file)}${more} is hidden by the sandbox`,
    hint: cureOf(file, sandbox),
  };
}

/** Forkjoin's own folder is never shown, a home not as a whole. */
function cureOf(file: string, sandbox: Sandbox): string {
  const shown = [dirname(file), file].find((path) => sandbox.placeProblem(path) === undefined);
  if (shown !== undefined) return `hidden by the sandbox: add \`show: [${shown}]\``;
  return "hidden by the sandbox: move it to a folder that can be shown, and add `show: [FOLDER]`";
}
