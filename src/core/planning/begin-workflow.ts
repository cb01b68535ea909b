/** A workflow as it was asked for becomes the workflow of a run: found, its issues read, its instances named; nothing is started. */
import { type Failure, failure } from "../model/failure.ts";
import { OrchestrationInput, type WorkflowInstance, type WorkflowRun } from "../model/orchestration.ts";
import { ownValue } from "../model/own-value.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { RunSettings } from "../model/run.ts";
import type { Workflow } from "../model/workflow.ts";
import { noSyncPoint, syncPhase } from "../model/workflow-problems.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { type Asked, nameInstances } from "../workflow/name-instances.ts";

const SHAPE =
  'orchestration: {workflow: 201_ADW_FEATURE_DEVELOPMENT, instances: [{feature: "Add dark mode", branch: feature/dark-mode}], sync_point: after_phase_3}, or issues: ["#101"] in place of instances';

type WorkflowPorts = Pick<OrchestratorPorts, "configuration" | "issues" | "workflows">;

/** Where issues named by path are looked for, and whether paths may leave that folder. */
export interface WorkflowPlace {
  repository: string;
  folder: string;
  confined: boolean;
}

export async function resolveWorkflow(
  given: unknown,
  place: WorkflowPlace,
  ports: WorkflowPorts,
): Promise<Result<WorkflowRun>> {
  const read = OrchestrationInput.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = ["orchestration", ...(issue?.path ?? [])].map(String).join(".");
    return err(failure("invalid_input", `${field}: ${issue?.message}`, `write ${SHAPE}`));
  }
  const found = await ports.workflows.find(String(read.data.workflow));
  if (!found.ok) return found;
  const workflow = found.value;
  const sync_after = syncOf(read.data.sync_point, workflow);
  if (!sync_after.ok) return sync_after;
  const asked = await askedFor(read.data, place, ports);
  if (!asked.ok) return asked;
  const instances = nameInstances(asked.value, workflow);
  const problem = variableProblem(workflow, instances);
  if (problem !== undefined) return err(problem);
  const closes_issues = read.data.closes_issues ?? ports.configuration.closes_issues;
  return ok({ workflow, instances, parallel: read.data.parallel, sync_after: sync_after.value, closes_issues });
}

function syncOf(asked: string | undefined, workflow: Workflow): Result<string | null> {
  const point = asked ?? workflow.sync_point;
  if (point === undefined || point === "none") return ok(null);
  const phase = syncPhase(workflow, point);
  if (phase !== undefined) return ok(phase);
  return err(
    failure(
      "invalid_input",
      noSyncPoint(workflow, point),
      "write after_phase_N with the number of one of them, or none",
    ),
  );
}

/** Instances as given, then one for each issue; an instance's own issue is read like the others. */
async function askedFor(
  { instances = [], issues = [] }: OrchestrationInput,
  place: WorkflowPlace,
  ports: Pick<OrchestratorPorts, "issues">,
): Promise<Result<Asked[]>> {
  const asked: Asked[] = [];
  for (const { issue: ref, ...input } of [...instances, ...issues.map((issue) => ({ issue }))]) {
    if (ref === undefined) {
      asked.push({ input });
      continue;
    }
    const read = await ports.issues.read({ refs: [String(ref)], ...place });
    if (!read.ok) return err(await allMissing(issues, read.error, { place, ports }));
    asked.push(...read.value.map((issue) => ({ input, issue })));
  }
  const doubled = asked.find(({ issue }, index) => {
    return issue !== undefined && asked.findIndex((other) => other.issue?.ref === issue.ref) < index;
  });
  if (doubled === undefined) return ok(asked);
  const message = `issue ${doubled.issue?.ref} is named twice`;
  return err(failure("invalid_input", message, "name every issue once"));
}

/** All that are missing, in one message. */
async function allMissing(
  issues: (string | number)[],
  first: Failure,
  { place, ports }: { place: WorkflowPlace; ports: Pick<OrchestratorPorts, "issues"> },
): Promise<Failure> {
  if (issues.length === 0) return first;
  const all = await ports.issues.read({ refs: issues.map(String), ...place });
  return all.ok ? first : all.error;
}

/** A fixed scope with `{target}` needs an instance that has one. */
function variableProblem({ id, phases }: Workflow, instances: WorkflowInstance[]): Failure | undefined {
  for (const phase of phases) {
    const files = phase.scope !== undefined && "files" in phase.scope ? phase.scope.files : [];
    for (const variable of ["target", "registry"] as const) {
      if (!files.some((entry) => entry.includes(`{${variable}}`))) continue;
      const without = instances.find((instance) => instance[variable] === undefined);
      if (without === undefined) continue;
      const message = `instances: ${without.id} has no ${variable}, and ${phase.id} of ${id} writes to {${variable}}`;
      return failure("invalid_input", message, `give every instance a ${variable}: a path or folder/**`);
    }
  }
  return undefined;
}

/** Agents that later phases name must be there before the first begins. */
export function phaseAgentProblem({ workflow }: WorkflowRun, settings: RunSettings): Failure | undefined {
  const unknown = workflow.phases.find(
    ({ agent }) => agent !== undefined && ownValue(settings.agents, agent) === undefined,
  );
  if (unknown === undefined) return undefined;
  const message = `${unknown.id} of ${workflow.id} names agent ${JSON.stringify(unknown.agent)}, which is not configured`;
  return failure("unknown_agent", message, `known agents: ${Object.keys(settings.agents).join(", ") || "none"}`);
}
