/** Errors that a workflow's own schema cannot see: references to phases that do not exist, gates in a circle, scopes nobody declares. */
import type { OutputPart } from "./task-output.ts";

/** As much of a phase as its references are judged by. */
export interface LinkedPhase {
  id: string;
  access: string;
  inputs: string[];
  outputs: OutputPart[];
  scope?: { from: string } | { files: string[] } | undefined;
  gates?: string[] | undefined;
}

interface LinkedWorkflow {
  phases: LinkedPhase[];
  sync_point?: string | undefined;
}

export interface WorkflowProblem {
  path: (string | number)[];
  message: string;
}

export function workflowProblems(workflow: LinkedWorkflow): WorkflowProblem[] {
  const problems = [...doublePhases(workflow), ...unknownPhases(workflow), ...scopes(workflow)];
  if (problems.length > 0) return problems;
  const cycle = findGateCycle(workflow.phases);
  if (cycle !== undefined) {
    return [{ path: ["phases"], message: `the gates form a circle: ${cycle.join(" waits for ")}` }];
  }
  if (workflow.sync_point === undefined || syncPhase(workflow, workflow.sync_point) !== undefined) return [];
  return [{ path: ["sync_point"], message: noSyncPoint(workflow, workflow.sync_point) }];
}

/** Phases that must be done before this one: gates (the phase before it, when it names none), inputs, and who declares its scope. */
export function needsOf(phases: LinkedPhase[], phase: LinkedPhase): string[] {
  const before = phases[phases.indexOf(phase) - 1];
  const gates = phase.gates ?? (before === undefined ? [] : [before.id]);
  const declared = phase.scope !== undefined && "from" in phase.scope ? [phase.scope.from] : [];
  return [...new Set([...gates, ...phase.inputs, ...declared])];
}

/** The phase that `after_phase_3` (or `after_phase_3_execution`) means. */
export function syncPhase({ phases }: { phases: { id: string }[] }, point: string): string | undefined {
  const wanted = point.replace(/^after_/, "");
  return phases.find(({ id }) => id === wanted || id.startsWith(`${wanted}_`))?.id;
}

export function noSyncPoint({ phases }: { phases: { id: string }[] }, point: string): string {
  const known = phases.map(({ id }) => `after_${id.split("_").slice(0, 2).join("_")}`).join(", ");
  return `sync_point ${JSON.stringify(point)} comes after no phase of this workflow; it has ${known}`;
}

function doublePhases({ phases }: LinkedWorkflow): WorkflowProblem[] {
  const numbers = phases.map(({ id }) => id.split("_")[1]);
  const words = phases.map(({ id }) => wordOf(id));
  return phases.flatMap(({ id }, index) => {
    const first = Math.min(numbers.indexOf(numbers[index]), words.indexOf(wordOf(id)));
    if (first === index) return [];
    return [{ path: ["phases", index, "id"], message: `${id} has the number or the word of ${phases[first]?.id}` }];
  });
}

/** `phase_3_execution` → `execution`. */
export function wordOf(phaseId: string): string {
  return phaseId.split("_").slice(2).join("_");
}

function unknownPhases({ phases }: LinkedWorkflow): WorkflowProblem[] {
  const ids = phases.map(({ id }) => id);
  return phases.flatMap((phase, index) =>
    needsOf(phases, phase).flatMap((needed) => {
      if (ids.includes(needed) && needed !== phase.id) return [];
      const field = (phase.gates ?? []).includes(needed) ? "gates" : phase.inputs.includes(needed) ? "inputs" : "scope";
      const why = needed === phase.id ? "the phase itself" : "no phase of this workflow";
      const message = `names ${JSON.stringify(needed)}, ${why}; its phases are ${ids.join(", ")}`;
      return [{ path: ["phases", index, field], message }];
    }),
  );
}

function scopes({ phases }: LinkedWorkflow): WorkflowProblem[] {
  const declaring = new Map<string, string>();
  return phases.flatMap(({ id, access, scope, outputs }, index): WorkflowProblem[] => {
    const at = (field: string, message: string): WorkflowProblem => ({ path: ["phases", index, field], message });
    if (access === "write" && outputs.includes("tasks"))
      return [at("outputs", "only a read-only phase declares tasks")];
    if (scope === undefined) return [];
    if (access !== "write") return [at("scope", `a ${access} phase writes nothing and has no scope`)];
    if (!("from" in scope)) return [];
    const source = phases.find((phase) => phase.id === scope.from);
    if (source !== undefined && !source.outputs.includes("tasks")) {
      return [at("scope", `${scope.from} declares no scope: give it outputs: [tasks]`)];
    }
    const other = declaring.get(scope.from);
    declaring.set(scope.from, id);
    return other === undefined ? [] : [at("scope", `${scope.from} declares the scope of ${other} already`)];
  });
}

/** The phases of one circle, the first again at its end. */
function findGateCycle(phases: LinkedPhase[]): string[] | undefined {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    const phase = phases.find((candidate) => candidate.id === id);
    if (phase === undefined || done.has(id)) return undefined;
    for (const needed of needsOf(phases, phase)) {
      const cycle = visit(needed, [...path, id]);
      if (cycle !== undefined) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of phases) {
    const cycle = visit(id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
