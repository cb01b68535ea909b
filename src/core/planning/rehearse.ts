/** Trial of phases 0 to 3 that finds all they may refuse before anything is stored: what the command line asks first. */
import { loadKnowledge } from "../0-knowledge/load-knowledge.ts";
import { decompose } from "../1-decompose/decompose.ts";
import { linksOf } from "../1-decompose/links.ts";
import { analyzeDependencies } from "../2-dependency/analyze-dependencies.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { TaskList } from "../model/task-list.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { type Begun, beginRun, type NewRun } from "../run/begin-run.ts";
import { agentProblem } from "../run/check-agents.ts";
import { proposeTasks, type Work } from "./propose-tasks.ts";

export interface Rehearsal extends NewRun {
  work: Work;
  /** whether agents will be started: then each must be there */
  agents: boolean;
}

export async function rehearse(input: Rehearsal, ports: OrchestratorPorts): Promise<Result<void>> {
  const begun = await beginRun(input, ports);
  if (!begun.ok) return begun;
  const { run, repository } = begun.value;
  const list = await listTasks(begun.value, input.work);
  if (!list.ok) return list;
  const graph = analyzeDependencies(list.value, run.settings.same_file);
  if (!graph.ok) return graph;
  const missing = input.agents ? await agentProblem(run, list.value.tasks, ports) : undefined;
  if (missing !== undefined) return err(missing);
  const knowledge = await loadKnowledge({ request: input.request }, ports.knowledgeSource(repository.root));
  return knowledge.ok ? ok(undefined) : knowledge;
}

/** Phase 1 on the base commit of a run that is stored or about to be. */
export async function listTasks(begun: Begun, work: Work): Promise<Result<TaskList>> {
  const { run, repository } = begun;
  const proposed = await proposeTasks(begun, work);
  if (!proposed.ok) return proposed;
  const reader = repositoryFor("phase_1_decompose", repository);
  const baseFiles = await reader.files(run.base_commit);
  const lfsPaths = await reader.lfsPaths(run.base_commit);
  const links = await linksOf(reader, baseFiles);
  return decompose({ tasks: proposed.value, settings: run.settings, baseFiles, lfsPaths, links });
}
