/** The demo's own options, and whether the chosen agent can be started at all. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

export const SCRIPTED = "scripted";
const PROGRAMS = { claude: "claude", codex: "codex", gemini: "gemini" };

export const USAGE = `Usage: npm run demo [-- --agent NAME] [--clean]
  --agent NAME  who does the tasks: ${[SCRIPTED, ...Object.keys(PROGRAMS)].join(", ")} (default: ${SCRIPTED}, which needs no model)
  --clean       remove the demo's folder at the end instead of keeping it`;

/** `{ agent, clean, help }`, or `{ problem }` as a sentence to print. */
export function readArguments(args) {
  const options = {
    agent: { type: "string", default: SCRIPTED },
    clean: { type: "boolean" },
    help: { type: "boolean" },
  };
  try {
    const { values } = parseArgs({ args, options });
    return { problem: agentProblem(values.agent), ...values };
  } catch (error) {
    return { problem: `${error.message}\n${USAGE}` };
  }
}

function agentProblem(agent) {
  if (agent === SCRIPTED) return undefined;
  if (!Object.hasOwn(PROGRAMS, agent)) return `There is no agent "${agent}" in the demo.\n${USAGE}`;
  if (isOnPath(PROGRAMS[agent])) return undefined;
  return `The program "${PROGRAMS[agent]}" is not on PATH. Install it and log in first, or run the demo without --agent.`;
}

function isOnPath(program) {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.some((folder) => endings.some((ending) => isExecutable(join(folder, program + ending))));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
