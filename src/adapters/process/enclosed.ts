/** Puts a process behind the sandbox, or leaves it as it is: the one place that decides for agents, setup commands and checks alike. */
import { isAbsolute } from "node:path";
import type { Boundary, Enforcement, SandboxMode } from "../../core/model/boundary.ts";
import { failure } from "../../core/model/failure.ts";
import type { ProcessLimits, UnheldLimit } from "../../core/model/limits.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import type { Installed } from "../../core/ports/workspace.ts";
import type { ProcessRequest } from "./run-process.ts";

/** Surroundings of a process, besides how it is started. */
export interface Surroundings {
  /** of the user's repository: what is not to be seen, and the objects that are */
  hidden: string[];
  borrowed: string[];
  boundary?: Boundary;
  installed: Installed;
  network: boolean;
  limits?: ProcessLimits;
  /** what the operator names: variables, folders to read, folders to write */
  named: Named;
  /** what a preset grants and guards of the agent's own settings */
  granted?: string[];
  guarded?: string[];
}

/** Part of an agent's or a check's configuration that opens the sandbox. */
export interface Named {
  env: string[] | Record<string, string>;
  show?: string[] | undefined;
  writable?: string[] | undefined;
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

/** Limits that nothing holds under this mode: without a sandbox none is, since the system would count what else the user runs. */
export function unlimitedUnder(mode: SandboxMode, limits: ProcessLimits, sandbox: Sandbox): UnheldLimit[] {
  const enforcement = enforcementBy(sandbox, mode);
  if (enforcement.ok && enforcement.value === "sandboxed") return sandbox.unlimited(limits);
  const why = "only the sandbox holds it, and there is none";
  const memory = limits.memory_mb === undefined ? [] : [{ key: "memory_mb", why } as const];
  return [{ key: "processes", why }, ...memory];
}

/** The same process inside the sandbox. */
export function enclosed(request: ProcessRequest, surroundings: Surroundings, sandbox: Sandbox): ProcessRequest {
  const { named, hidden, borrowed, boundary, installed, network, granted = [], guarded = [] } = surroundings;
  const { directory, mark } = request;
  const values = namedPlaces(request.env, named.env);
  // A map is written for this agent: naming a folder in it grants it. What is passed through is the user's own.
  const [read, written] = Array.isArray(named.env) ? [values, []] : [[], values];
  const inside = {
    command: request.command,
    directory,
    folder: mark,
    hidden,
    borrowed,
    installed,
    network,
    ...(surroundings.limits === undefined ? {} : { limits: surroundings.limits }),
    shown: [...read, ...(named.show ?? [])],
    granted: [...written, ...granted, ...(named.writable ?? [])],
    guarded,
  };
  const command = sandbox.enclose(boundary === undefined ? inside : { ...inside, boundary });
  return { ...request, command, walled: true };
}

/** Absolute paths among the values of the variables that the operator names. */
function namedPlaces(env: Record<string, string>, named: string[] | Record<string, string>): string[] {
  const names = Array.isArray(named) ? named : Object.keys(named);
  const values = names.filter((name) => name !== "PATH").flatMap((name) => env[name] ?? []);
  return [...new Set(values.filter((value) => isAbsolute(value)))].sort();
}
