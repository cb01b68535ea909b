/** The six phases of a run, in order: each takes what the one before left, and leaves what the next one needs. Read this first. */
import { type KnowledgeRequest, loadKnowledge } from "./0-knowledge/load-knowledge.ts";
import { loadedPaths } from "./0-knowledge/loaded-paths.ts";
import { analyzeDependencies } from "./2-dependency/analyze-dependencies.ts";
import { gatherEvidence } from "./2-dependency/gather-evidence.ts";
import { repositoryFor } from "./boundary/phase-boundaries.ts";
import type { DecompositionHelp } from "./model/decomposition-help.ts";
import type { DependencyGraph, OrderingKind, SameFile } from "./model/dependency-graph.ts";
import type { ExecutionPlan, PlanMode, PlanObjective } from "./model/execution-plan.ts";
import { failure } from "./model/failure.ts";
import type { KnowledgeContext } from "./model/knowledge-context.ts";
import type { PhaseId } from "./model/phase.ts";
import { planShape } from "./model/plan-shape.ts";
import { err, ok, type Result } from "./model/result.ts";
import type { Run, RunState } from "./model/run.ts";
import { RunStopped } from "./model/run-stopped.ts";
import type { TaskList } from "./model/task-list.ts";
import { type BatchChoice, type BatchSet, chooseBatches } from "./planning/choose-batches.ts";
import { helpDecompose } from "./planning/help-decompose.ts";
import { estimatesOf, planRun } from "./planning/plan-run.ts";
import type { Work } from "./planning/propose-tasks.ts";
import { listTasks } from "./planning/rehearse.ts";
import type { OrchestratorPorts } from "./ports/orchestrator-ports.ts";
import type { Artefacts } from "./ports/run-store.ts";
import { type Added, addTasks } from "./requests/add-tasks.ts";
import { pauseRun } from "./requests/pause-run.ts";
import { type Begun, beginRun, checkProblem, type NewRun } from "./run/begin-run.ts";
import { agentProblem } from "./run/check-agents.ts";
import { LiveRuns } from "./run/live-runs.ts";
import { openScopeRequests } from "./run/open-questions.ts";
import { type OwnedWork, ownRun } from "./run/own-run.ts";
import { type ExecuteContext, planned } from "./run/planned-run.ts";
import { needed, openSession, type Session, stillPlanning } from "./run/run-session.ts";
import { stateOf } from "./run/run-status.ts";
import { runnableTasks } from "./run/waiting-for.ts";
import { advanceWorkflow, declarationProblem } from "./runner/advance-workflow.ts";
import { type AggregateOptions, aggregateRun } from "./runner/aggregate-run.ts";
import { cancelIdle } from "./runner/cancel-idle.ts";
import { executeBatches } from "./runner/execute-batches.ts";
import { executeStream } from "./runner/execute-stream.ts";

/** A new run, or one more step of the run `run_id`. */
export interface RunInput extends NewRun {
  run_id?: string | undefined;
}

/** What one plan may ask for, over the run's settings. */
export interface PlanOptions {
  max_parallel?: number | undefined;
  mode?: PlanMode | undefined;
  objective?: PlanObjective | undefined;
  time_budget_ms?: number | undefined;
}

export class Orchestrator {
  readonly ports: OrchestratorPorts;
  readonly live: LiveRuns = new LiveRuns();

  constructor(ports: OrchestratorPorts) {
    this.ports = ports;
  }

  /** Phase 0: the task type of the request and the files it needs. Without a run it begins one. */
  async loadKnowledge(
    input: RunInput & { knowledge: KnowledgeRequest; graph?: string | undefined },
  ): Promise<Result<{ run: Run; context: KnowledgeContext }>> {
    const begun = await this.#runFor(input);
    if (!begun.ok) return begun;
    const { run, repository } = begun.value;
    const source = this.ports.knowledgeSource(repositoryFor("phase_0_knowledge", repository).root, input.graph);
    const loaded = loadedPaths(this.ports.store.artefact(run.run_id, "knowledge_context"));
    const context = await loadKnowledge({ ...input.knowledge, loaded }, source);
    if (!context.ok) return context;
    const { knowledge, task_detection } = context.value;
    const summary = `${task_detection.detected_type ?? "no task type"}, knowledge ${knowledge.status}`;
    this.#save(run, { phase: "phase_0_knowledge", summary }, { knowledge_context: context.value });
    return ok({ run, context: context.value });
  }

  /** Phase 1: the work as atomic tasks with boundaries. Without a run it begins one, once the tasks are sound. */
  async decompose(input: RunInput & { work: Work }): Promise<Result<{ run: Run; list: TaskList }>> {
    const begun = await this.#runFor(input);
    if (!begun.ok) return begun;
    const { run } = begun.value;
    const list = await listTasks(begun.value, input.work);
    if (!list.ok) return list;
    const summary = `${list.value.total_tasks} tasks`;
    const workflow = "workflow" in input.work ? { workflow: input.work.workflow } : {};
    this.#save(run, { phase: "phase_1_decompose", summary }, { task_list: list.value, ...workflow });
    return ok({ run, list: list.value });
  }

  /** Phase 1 before there are tasks: what to know of the repository to propose them. Begins no run. */
  async helpDecompose(input: RunInput): Promise<Result<DecompositionHelp>> {
    const begun = await this.#runFor(input);
    return begun.ok ? ok(await helpDecompose(input.request, begun.value, this.ports.clock)) : begun;
  }

  /** Phase 2: what waits for what, and what must not run side by side. */
  async analyze(runId: string, sameFile?: SameFile, ordering?: OrderingKind[]): Promise<Result<DependencyGraph>> {
    const session = await this.#planning(runId);
    if (!session.ok) return session;
    const list = needed(this.ports, runId, "task_list");
    if (!list.ok) return list;
    const { run, code } = session.value;
    const repository = repositoryFor("phase_2_dependency", session.value.repository);
    const evidence = await gatherEvidence(list.value.tasks, { repository, ...code, commit: run.base_commit });
    const options = { evidence, ...(ordering === undefined ? {} : { ordering }) };
    const analysis = { same_file: sameFile ?? run.settings.same_file, ordering };
    const graph = analyzeDependencies(list.value, analysis.same_file, options);
    if (!graph.ok) return graph;
    const summary = `${graph.value.edges.length} edges, ${graph.value.conflicts.length} conflicts`;
    const settings = { ...run.settings, analysis };
    this.#save({ ...run, settings }, { phase: "phase_2_dependency", summary }, { dependency_graph: graph.value });
    return graph;
  }

  /** Phase 3: batches or a stream, and what they save. */
  async plan(runId: string, options: PlanOptions = {}): Promise<Result<ExecutionPlan>> {
    const session = await this.#planning(runId);
    if (!session.ok) return session;
    const { run } = session.value;
    const list = needed(this.ports, runId, "task_list");
    if (!list.ok) return list;
    const graph = needed(this.ports, runId, "dependency_graph");
    if (!graph.ok) return graph;
    const plan = planRun({
      ...{ list: list.value, graph: graph.value, now: () => this.ports.clock.now() },
      max_parallel: options.max_parallel ?? run.settings.max_parallel,
      settings: run.settings,
      estimates: estimatesOf(run, list.value.tasks, this.ports.store),
      mode: options.mode ?? run.settings.mode,
      objective: options.objective ?? run.settings.objective,
      time_budget_ms: options.time_budget_ms,
    });
    if (!plan.ok) return plan;
    const { recommendation, why } = plan.value;
    const summary = `${planShape(plan.value)}, ${recommendation}: ${why}`;
    this.#save(run, { phase: "phase_3_batch", summary }, { execution_plan: plan.value });
    return plan;
  }

  /** Phase 4: one agent per task, a sync point after each batch. Begins and returns; `live.wait` waits for it. */
  async execute(runId: string, choice: BatchChoice, agent?: string): Promise<Result<ExecuteContext>> {
    const context = await this.context(runId);
    if (!context.ok) return context;
    const { run } = context.value.session;
    const { budget } = this.ports.configuration;
    const settings = { ...run.settings, budget, ...(agent === undefined ? {} : { agent }) };
    const missing = await agentProblem({ ...run, settings }, context.value.list.tasks, this.ports);
    if (missing !== undefined) return err(missing);
    if (run.budget_spent !== undefined && stateOf(run, this.ports) !== "executing") {
      context.value.session.record({ run: { budget_spent: undefined } });
    }
    const which = chooseBatches(context.value, choice);
    if (!which.ok) return which;
    return this.#begin(context.value, {
      ...{ run_id: runId, state: "executing", change: { settings, all_batches: choice === "all" } },
      async work(owned, signal) {
        const left = await execute(owned, which.value, signal);
        const open = left.plan.batches.some((batch) => runnableTasks(left, batch).length > 0);
        if (!signal.aborted && openScopeRequests(runId, owned.ports).length > 0) {
          owned.session.record({ run: { state: "awaiting_review" } });
        } else if (!signal.aborted && !open) owned.session.record({ run: { phase: "phase_4_execute" } });
      },
    });
  }

  /** Phase 5: combine, settle, validate, report. Begins and returns; the report is in the store when `live.wait` is over. */
  async aggregate(
    runId: string,
    options: Partial<AggregateOptions> & { onto?: string },
  ): Promise<Result<ExecuteContext>> {
    const context = await this.context(runId);
    if (!context.ok) return context;
    if (this.ports.store.artefact(runId, "batch_log") === undefined) {
      return err(failure("wrong_phase", "no batch of this run has been executed yet", "call execute_batch first"));
    }
    if (this.ports.store.amendments(runId).length > 0) return err(AMENDED);
    const { settings } = context.value.session.run;
    const strategy = options.strategy ?? settings.conflict_resolution;
    const validate = options.validate ?? settings.validate;
    const unknown = checkProblem(validate, settings);
    if (unknown !== undefined) return err(unknown);
    const onto = options.onto ?? settings.onto;
    const start = onto === undefined ? ok("") : await context.value.session.repository.resolve(onto);
    if (!start.ok) return start;
    const change = onto === undefined ? {} : { change: { settings: { ...settings, onto } } };
    return this.#begin(context.value, {
      ...{ run_id: runId, state: "aggregating", ...change },
      async work(owned, signal) {
        const report = await aggregateRun(owned, { strategy, validate }, signal);
        if (!report.ok && !signal.aborted) owned.session.record({ run: { state: "failed", error: report.error } });
      },
    });
  }

  /** Lets what runs end and starts nothing more, wherever the run is being worked on; `execute` goes on with it. */
  async pause(runId: string): Promise<Result<RunState>> {
    return pauseRun(runId, this.ports);
  }

  /** More work for a run that has begun: its owner takes it up at the next decision, or it is planned at once where nobody is at work. */
  async addTasks(runId: string, tasks: unknown[]): Promise<Result<Added>> {
    return addTasks(runId, tasks, this.ports);
  }

  /** The run with the artefacts of its planning phases, for reading; fails naming the phase that is missing. */
  async context(runId: string): Promise<Result<ExecuteContext>> {
    const session = await openSession(runId, this.ports);
    return session.ok ? planned(session.value, this.ports) : session;
  }

  /** Ends the run for good, wherever it is being worked on; finished tasks and everything kept stay. */
  async cancel(runId: string, reason: string): Promise<Result<RunState>> {
    const session = await openSession(runId, this.ports);
    if (!session.ok) return session;
    const state = stateOf(session.value.run, this.ports);
    if (state === "complete" || state === "cancelled") return ok(state);
    const working = state === "executing" || state === "aggregating";
    if (!working) return cancelIdle(runId, reason, this.ports);
    session.value.record({ run: { cancel_requested: true }, events: [{ type: "cancel_requested", reason }] });
    this.live.stop(runId, "cancelled");
    return ok(state);
  }

  async #begin(context: ExecuteContext, owned: OwnedWork): Promise<Result<ExecuteContext>> {
    const { run } = context.session;
    if (run.state === "cancelled") return err(CANCELLED);
    const begun = await ownRun(owned, this.ports, this.live);
    return begun.ok ? ok(context) : begun;
  }

  async #runFor(input: RunInput): Promise<Result<Begun>> {
    if (input.run_id === undefined) return beginRun(input, this.ports);
    const session = await openSession(input.run_id, this.ports);
    if (!session.ok) return session;
    const fixed = stillPlanning(session.value, this.ports);
    return fixed === undefined ? session : err(fixed);
  }

  async #planning(runId: string): Promise<Result<Session>> {
    const session = await openSession(runId, this.ports);
    if (!session.ok) return session;
    const fixed = stillPlanning(session.value, this.ports);
    return fixed === undefined ? session : err(fixed);
  }

  /** Stores the phase's artefact, drops what later phases made of an older one, and makes the run when it is new. */
  #save(run: Run, done: { phase: PhaseId; summary: string }, artefacts: Partial<Artefacts>): void {
    const { store, observe } = this.ports;
    const events = [{ type: "phase_finished", ...done } as const];
    if (store.run(run.run_id) === undefined) {
      const created = { type: "run_created", request: run.request } as const;
      store.create(run, [created]);
      observe(run.run_id, created);
    }
    const applied = store.apply(run.run_id, {
      run: { phase: done.phase, settings: run.settings },
      artefacts,
      discard: LATER[done.phase] ?? [],
      events,
    });
    if (!applied.ok) throw new RunStopped(applied.error);
    for (const event of events) observe(run.run_id, event);
  }
}

const WORKFLOW = { advance: advanceWorkflow, judge: declarationProblem };

const CANCELLED = failure("wrong_phase", "the run was cancelled", "begin a new run with decompose_work");

const AMENDED = failure("wrong_phase", "tasks were added that have not been taken up yet", "call execute_batch first");

/** Batch after batch, or without barriers, as the plan says. */
async function execute(context: ExecuteContext, which: BatchSet, signal: AbortSignal): Promise<ExecuteContext> {
  if (context.plan.mode === "streaming") return executeStream(context, WORKFLOW, signal);
  return executeBatches(context, { which, steps: WORKFLOW }, signal);
}

/** What stops being true when a phase is done again. */
const LATER: Partial<Record<PhaseId, (keyof Artefacts)[]>> = {
  phase_1_decompose: ["dependency_graph", "execution_plan", "workflow", "workflow_state"],
  phase_2_dependency: ["execution_plan"],
};
