/** A workflow from the command line: its instances are issues, targets, or the one request; a file says the rest. */
import { resolve } from "node:path";
import { failure } from "../core/model/failure.ts";
import type { Operations, Work } from "../core/orchestrator.ts";
import { listed } from "./listed.ts";
import { CommandFailed } from "./output.ts";
import { expect } from "./session.ts";
import type { WorkOptions } from "./work-options.ts";

/** Orchestration that the options describe, as `orchestration:` in a file would. */
export function orchestrationOf(options: WorkOptions, workflow: string): Record<string, unknown> {
  const { issues, targets, request, tasks, pattern } = options;
  if (tasks !== undefined || pattern !== undefined) {
    const other = tasks === undefined ? "--pattern" : "--tasks";
    throw new CommandFailed(failure("invalid_input", `--workflow and ${other} are both given`, "give one of the two"));
  }
  if (issues === undefined && targets === undefined && request === undefined) {
    const hint = 'name its instances: --issues "#101,#102", --targets "docs/**", or --request "Add dark mode"';
    throw new CommandFailed(failure("invalid_input", "--workflow has no instances", hint));
  }
  const named = issues !== undefined || targets !== undefined;
  const instances = targets === undefined ? (named ? [] : [{ feature: request }]) : listed(targets).map(asTarget);
  return overOrchestration(
    {
      workflow,
      ...(issues === undefined ? {} : { issues: listed(issues) }),
      ...(instances.length === 0 ? {} : { instances }),
    },
    options,
  );
}

function asTarget(target: string): { target: string } {
  return { target };
}

/** Options go over what the file says. */
export function overOrchestration(orchestration: unknown, options: WorkOptions): Record<string, unknown> {
  const { syncPoint: sync_point, closesIssues: closes_issues } = options;
  const said = typeof orchestration === "object" && orchestration !== null ? orchestration : {};
  return {
    ...said,
    ...(sync_point === undefined ? {} : { sync_point }),
    ...(closes_issues === undefined ? {} : { closes_issues }),
  };
}

export async function workflowWork(
  orchestration: unknown,
  { request, repo }: { request?: string | undefined; repo: string },
  { sources }: Operations,
): Promise<{ request: string; work: Work }> {
  const place = { repository: resolve(repo), folder: process.cwd(), confined: false };
  const workflow = expect(await sources.resolveWorkflow(orchestration, place));
  const titles = workflow.instances.map((instance) => instance.title).join("; ");
  return { request: request ?? `${workflow.workflow.name}: ${titles}`.slice(0, 2_000), work: { workflow } };
}
