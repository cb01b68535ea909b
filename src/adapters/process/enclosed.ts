/** Puts a process behind the sandbox, or leaves it as it is: the one place that decides for agents, setup commands and checks alike. */
import { isAbsolute } from "node:path";
import type { Boundary, Enforcement, SandboxMode } from "../../core/model/boundary.ts";
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import type { Installed } from "../../core/ports/workspace.ts";
import type { ProcessRequest } from "./run-process.ts";

/** What is said about a process beside how it is started. */
export interface Surroundings {
  borrowed: string[];
  boundary?: Boundary;
  installed: Installed;
  network: boolean;
  /** the operator's `env` */
  named: string[] | Record<string, string>;
  /** what a preset grants and guards of the agent's own settings */
  granted?: string[];
  guarded?: string[];
}

/** Fails with `sandbox_unavailable` when one is required and none works. */
export function enforcementBy(sandbox: Sandbox, mode: SandboxMode): Result<Enforcement> {
  if (mode === "off") return ok("verified");
  const probe = sandbox.probe();
  if (probe.works) return ok("sandboxed");
  if (mode === "auto") return ok("verified");
  const hint = `${probe.cure}; or set \`sandbox: auto\`, which goes on and says \`verified\``;
  return err(failure("sandbox_unavailable", `sandbox: required, but ${probe.why}`, hint));
}

/** The same process inside the sandbox. */
export function enclosed(request: ProcessRequest, surroundings: Surroundings, sandbox: Sandbox): ProcessRequest {
  const { named, borrowed, boundary, installed, network, granted = [], guarded = [] } = surroundings;
  const { directory, mark } = request;
  const folders = namedFolders(request.env, named);
  const inside = {
    command: request.command,
    directory,
    folder: mark,
    borrowed,
    installed,
    network,
    granted: [...folders, ...granted],
    guarded,
  };
  const command = sandbox.enclose(boundary === undefined ? inside : { ...inside, boundary });
  return { ...request, command, walled: true };
}

/** An absolute path that the operator gives by name is a place to work in: `env: { CODEX_HOME: /home/me/.codex }`. */
function namedFolders(env: Record<string, string>, named: string[] | Record<string, string>): string[] {
  const names = Array.isArray(named) ? named : Object.keys(named);
  const values = names.filter((name) => name !== "PATH").flatMap((name) => env[name] ?? []);
  return [...new Set(values.filter((value) => isAbsolute(value)))].sort();
}
