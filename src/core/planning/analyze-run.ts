/** Phase 2 over a run: its tasks, the code behind their scopes, and what was asked of the analysis. */
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { gatherEvidence } from "../2-dependency/gather-evidence.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import type { DependencyGraph, OrderingKind, SameFile } from "../model/dependency-graph.ts";
import { ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { Begun } from "../run/begin-run.ts";
import { needed } from "../run/run-session.ts";
import type { PhaseDone } from "./plan-phase.ts";

/** Dependency graph of the run. Options not given here are as the run was begun with, or as it was analysed before. */
export async function analyzeRun(
  { run, code, repository: whole }: Begun,
  asked: { sameFile?: SameFile | undefined; ordering?: OrderingKind[] | undefined },
  { store }: Pick<OrchestratorPorts, "store">,
): Promise<Result<PhaseDone<DependencyGraph>>> {
  const list = needed({ store }, run.run_id, "task_list");
  if (!list.ok) return list;
  const repository = repositoryFor("phase_2_dependency", whole);
  const evidence = await gatherEvidence(list.value.tasks, { repository, ...code, commit: run.base_commit });
  const ordering = asked.ordering ?? run.settings.analysis?.ordering;
  const analysis = {
    same_file: asked.sameFile ?? run.settings.analysis?.same_file ?? run.settings.same_file,
    ordering,
  };
  const options = { evidence, ...(ordering === undefined ? {} : { ordering }) };
  const graph = analyzeDependencies(list.value, analysis.same_file, options);
  if (!graph.ok) return graph;
  const { edges, conflicts } = graph.value;
  return ok({
    phase: "phase_2_dependency",
    summary: `${edges.length} edges, ${conflicts.length} conflicts`,
    artefacts: { dependency_graph: graph.value },
    settings: { ...run.settings, analysis },
    value: graph.value,
  });
}
