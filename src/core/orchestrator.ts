/** The six phases of a run, in order: each takes what the one before left, and leaves what the next one needs. Read this first. */
import { type KnowledgeRequest, loadKnowledge } from "./0-knowledge/load-knowledge.ts";
import { loadedPaths } from "./0-knowledge/loaded-paths.ts";
import { repositoryFor } from "./boundary/phase-boundaries.ts";
import type { DecompositionHelp } from "./model/decomposition-help.ts";
import type { DependencyGraph, OrderingKind, SameFile } from "./model/dependency-graph.ts";
import type { ExecutionPlan } from "./model/execution-plan.ts";
import type { KnowledgeContext } from "./model/knowledge-context.ts";
import { err, ok, type Result } from "./model/result.ts";
import type { Run, RunState } from "./model/run.ts";
import type { TaskList } from "./model/task-list.ts";
import { analyzeRun } from "./planning/analyze-run.ts";
import type { BatchChoice } from "./planning/choose-batches.ts";
import { helpDecompose } from "./planning/help-decompose.ts";
import { type PhaseDone, planNewRun, planOwnedRun, stillPlanned } from "./planning/plan-phase.ts";
import { type PlanOptions, planAgain } from "./planning/plan-run.ts";
import type { Work } from "./planning/propose-tasks.ts";
import { listTasks, type Rehearsal, rehearse } from "./planning/rehearse.ts";
import { Sources } from "./planning/sources.ts";
import { takeUp } from "./planning/take-up.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import { RunRequests } from "./requests/run-requests.ts";
import { type RunView, recentRuns, viewRun } from "./requests/run-view.ts";
import type { Verdict } from "./requests/submit-task.ts";
import { type Begun, beginRun, type NewRun } from "./run/begin-run.ts";
import { type LongKind, type LongWork, OwnedRuns } from "./run/owned-runs.ts";
import { type Planned, type PlannedRun, planned } from "./run/planned-run.ts";
import { openSession, unknownRun } from "./run/run-session.ts";
import type { Ownership } from "./run/take-run.ts";
import { type AggregateRequest, beginAggregation } from "./runner/aggregate-run.ts";
import { cancelRun } from "./runner/cancel-run.ts";
import { beginExecution } from "./runner/execute-run.ts";

/** A new run, or one more step of the run `run_id`. */
export interface RunInput extends NewRun {
  run_id?: string | undefined;
}

/** Operations of the orchestrator for tools, MCP and command line, which use nothing else of the core but the model. */
export type Operations = Omit<Orchestrator, "ports" | "live" | "context">;
export type { Planned, RunView, Verdict, Work };

export class Orchestrator {
  readonly ports: OrchestratorPorts;
  /** the runs that this process works on */
  readonly live: OwnedRuns;
  readonly sources: Sources;
  readonly requests: RunRequests;

  constructor(ports: OrchestratorPorts) {
    this.ports = ports;
    this.live = new OwnedRuns(ports, takeUp);
    this.sources = new Sources(ports);
    this.requests = new RunRequests(this);
  }

  /** Phase 0: the task type of the request and the files it needs. Without a run it begins one. */
  async loadKnowledge(
    input: (RunInput | { run_id: string }) & { knowledge: KnowledgeRequest; graph?: string | undefined },
  ): Promise<Result<{ run: Run; context: KnowledgeContext }>> {
    return this.#planning(input, async ({ run, repository }) => {
      const source = this.ports.knowledgeSource(repositoryFor("phase_0_knowledge", repository).root, input.graph);
      const loaded = loadedPaths(this.ports.store.artefact(run.run_id, "knowledge_context"));
      const context = await loadKnowledge({ ...input.knowledge, loaded }, source);
      if (!context.ok) return context;
      const { knowledge, task_detection } = context.value;
      const summary = `${task_detection.detected_type ?? "no task type"}, knowledge ${knowledge.status}`;
      const artefacts = { knowledge_context: context.value };
      return ok({ phase: "phase_0_knowledge", summary, artefacts, value: { run, context: context.value } });
    });
  }

  /** Phase 1: the work as atomic tasks with boundaries. Without a run it begins one, once the tasks are sound. */
  async decompose(input: RunInput & { work: Work }): Promise<Result<{ run: Run; list: TaskList }>> {
    return this.#planning(input, async (planning) => {
      const list = await listTasks(planning, input.work);
      if (!list.ok) return list;
      const workflow = "workflow" in input.work ? { workflow: input.work.workflow } : {};
      const artefacts = { task_list: list.value, ...workflow };
      const value = { run: planning.run, list: list.value };
      return ok({ phase: "phase_1_decompose", summary: `${list.value.total_tasks} tasks`, artefacts, value });
    });
  }

  /** Phase 1 before there are tasks: what to know of the repository to propose them. Begins no run. */
  async helpDecompose(input: RunInput): Promise<Result<DecompositionHelp>> {
    const begun = await (input.run_id === undefined
      ? beginRun(input, this.ports)
      : stillPlanned(input.run_id, this.ports));
    return begun.ok ? ok(await helpDecompose(input.request, begun.value, this.ports.clock)) : begun;
  }

  /** Phase 2: what waits for what, and what must not run side by side. */
  async analyze(runId: string, sameFile?: SameFile, ordering?: OrderingKind[]): Promise<Result<DependencyGraph>> {
    return this.#planning({ run_id: runId }, async (planning) =>
      analyzeRun(planning, { sameFile, ordering }, this.ports),
    );
  }

  /** Phase 3: batches or a stream, and what they save. */
  async plan(runId: string, options: PlanOptions = {}): Promise<Result<ExecutionPlan>> {
    return this.#planning({ run_id: runId }, async ({ run }) => planAgain(run, options, this.ports));
  }

  /** Phases 0, 2 and 3 as far as they are missing, as the run was begun: all after `decompose`, some after its process has died. */
  async prepare(runId: string): Promise<Result<void>> {
    const { store } = this.ports;
    const run = store.run(runId);
    if (run === undefined) return err(unknownRun(runId, this.ports));
    if (store.artefact(runId, "task_list") === undefined) return ok(undefined);
    if (store.artefact(runId, "dependency_graph") === undefined) {
      const knowledge = { request: run.request };
      const isLoaded = store.artefact(runId, "knowledge_context") !== undefined;
      const loaded = isLoaded ? ok(undefined) : await this.loadKnowledge({ run_id: runId, knowledge });
      if (!loaded.ok) return loaded;
      const analysed = await this.analyze(runId);
      if (!analysed.ok) return analysed;
    }
    if (store.artefact(runId, "execution_plan") !== undefined) return ok(undefined);
    const planned = await this.plan(runId);
    return planned.ok ? ok(undefined) : planned;
  }

  /** Phase 4: one agent per task, a sync point after each batch. Begins and returns; `wait` waits for it. */
  async execute(runId: string, choice: BatchChoice, agent?: string): Promise<Result<PlannedRun>> {
    return this.#start(runId, "execute", (ownership) => beginExecution(ownership, { choice, agent }));
  }

  /** Phase 5: combine, settle, validate, report. Begins and returns; the report is in the store when `wait` is over. */
  async aggregate(runId: string, options: AggregateRequest): Promise<Result<PlannedRun>> {
    return this.#start(runId, "aggregate", (ownership) => beginAggregation(ownership, options));
  }

  /** The run with the artefacts of its planning phases, for reading; fails naming the phase that is missing. */
  async context(runId: string): Promise<Result<PlannedRun>> {
    const session = await openSession(runId, this.ports);
    return session.ok ? planned(session.value, this.ports) : session;
  }

  /** Ends the run for good, wherever it is being worked on; finished tasks and everything kept stay. */
  async cancel(runId: string, reason: string): Promise<Result<RunState>> {
    return cancelRun(runId, reason, this);
  }

  /** Trial of phases 0 to 3, for all that they may refuse; nothing is stored. */
  async rehearse(input: Rehearsal): Promise<Result<void>> {
    return rehearse(input, this.ports);
  }

  /** The run as it stands. */
  view(runId: string): Result<RunView> {
    return viewRun(runId, this);
  }

  /** The newest runs, newest first: of all repositories, or of the one with this top level. */
  runs(limit: number, repository?: string): RunView[] {
    return recentRuns(limit, repository, this);
  }

  /** Resolves when this process works on the run no more, or `ms` have passed. */
  async wait(runId: string, ms: number): Promise<void> {
    return this.live.wait(runId, ms);
  }

  async #start(
    runId: string,
    kind: LongKind,
    begin: (ownership: Ownership) => Promise<Result<LongWork>>,
  ): Promise<Result<PlannedRun>> {
    const context = await this.context(runId);
    if (!context.ok) return context;
    const begun = await this.live.start(runId, kind, begin);
    return begun.ok ? this.context(runId) : begun;
  }

  /** Does a planning phase on a new run, which is stored with what the phase leaves, or on one that is still being planned, which is owned meanwhile. */
  async #planning<T>(
    input: RunInput | { run_id: string },
    phase: (planning: Begun) => Promise<Result<PhaseDone<T>>>,
  ): Promise<Result<T>> {
    if ("repo" in input && input.run_id === undefined) return planNewRun(input, phase, this.ports);
    const runId = input.run_id ?? "";
    if (this.ports.store.run(runId) === undefined) return err(unknownRun(runId, this.ports));
    return this.live.withRun(runId, "plan", (ownership) => planOwnedRun(ownership, phase));
  }
}
