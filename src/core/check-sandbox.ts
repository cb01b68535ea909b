/** Before anything starts: what the configuration promises about the sandbox can be kept on this machine. */
import { CLIENT_AGENT } from "./model/configuration.ts";
import { type Failure, failure } from "./model/failure.ts";
import { ownValue } from "./model/own-value.ts";
import type { Run } from "./model/run.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";

/** `agents` are the names that tasks will be given to. */
export function sandboxProblem(
  run: Run,
  agents: Set<string | undefined>,
  ports: OrchestratorPorts,
): Failure | undefined {
  const { sandbox } = run.settings;
  const enforcement = ports.executor.enforcement(sandbox);
  if (!enforcement.ok) return enforcement.error;
  if (sandbox === "required" && agents.has(CLIENT_AGENT)) return CLIENT_OUTSIDE;
  return enforcement.value === "sandboxed" ? undefined : networkProblem(run, agents);
}

const CLIENT_OUTSIDE = failure(
  "sandbox_unavailable",
  "sandbox: required, but agent client works outside of any sandbox",
  "give the tasks to another agent, or set `sandbox: auto`: what the client did is verified",
);

/** `network: false` is a promise that only the sandbox can keep. */
function networkProblem({ settings }: Run, used: Set<string | undefined>): Failure | undefined {
  const agents = [...used].filter((name) => name !== undefined && ownValue(settings.agents, name)?.network === false);
  const checks = Object.keys(settings.checks).filter((name) => ownValue(settings.checks, name)?.network === false);
  const [named] = [...agents.map((name) => `agents.${name}`), ...checks.map((name) => `checks.${name}`)];
  if (named === undefined) return undefined;
  const message = `${named}.network is false, which cannot be kept without a sandbox (sandbox: ${settings.sandbox})`;
  return failure("sandbox_unavailable", message, "`forkjoin doctor` says what the sandbox lacks; or remove that line");
}
