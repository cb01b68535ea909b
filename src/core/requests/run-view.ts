/** A view of one run: its record and everything worked out from it, each part at the moment it is asked for. */
import { graphText } from "../2-dependency/graph-text.ts";
import { chartOf } from "../3-batch/gantt/chart.ts";
import { ganttText } from "../3-batch/gantt/gantt-text.ts";
import { planPicture } from "../3-batch/gantt/plan-picture.ts";
import { worksInClient } from "../4-execute/attempt-context.ts";
import { mayRepair } from "../4-execute/run-repairs.ts";
import { inMergeOrder } from "../5-aggregate/merge/integrate.ts";
import { reportMarkdown } from "../5-aggregate/report/report-markdown.ts";
import { squashMessage } from "../5-aggregate/report/squash-message.ts";
import type { Attempt } from "../model/attempt.ts";
import type { BatchResults, TaskResult } from "../model/batch-results.ts";
import { mayWrite } from "../model/boundary.ts";
import type { Conflict } from "../model/conflict.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { StoredEvent } from "../model/event.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Failure } from "../model/failure.ts";
import { hasEnded } from "../model/life.ts";
import type { NextStep } from "../model/next-step.ts";
import type { GraphFormat, PictureFormat } from "../model/picture-format.ts";
import type { Question } from "../model/question.ts";
import type { Report } from "../model/report.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run, RunState } from "../model/run.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import { steeringEntries } from "../model/steering.ts";
import type { TaskList } from "../model/task-list.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import { currentResults } from "../run/current-results.ts";
import { openConflicts, openScopeRequests } from "../run/open-questions.ts";
import type { OwnedRuns } from "../run/owned-runs.ts";
import { type Planned, type PlannedRun, planned } from "../run/planned-run.ts";
import { openSession, unknownRun } from "../run/run-session.ts";
import { type Progress, progressOf, resultsOf, stateOf } from "../run/run-status.ts";
import { leftUndone } from "../run/waiting-for.ts";
import { nextDecision, nextStep } from "./next-step.ts";
import { conflictQuestion, scopeQuestion } from "./questions.ts";
import { taskFile } from "./scope-files.ts";
import {
  type CommitRange,
  type TaskRecord,
  taskBrief,
  taskChange,
  taskDiff,
  taskOf,
  wholeChange,
} from "./task-views.ts";

/** Sources of a view: the ports, and the runs that this process works on. */
export interface ViewSources {
  ports: OrchestratorPorts;
  live: OwnedRuns;
}

/** The view of a run; fails with `unknown_run`, naming the newest ones. */
export function viewRun(runId: string, sources: ViewSources): Result<RunView> {
  const run = sources.ports.store.run(runId);
  return run === undefined ? err(unknownRun(runId, sources.ports)) : ok(new RunView(run, sources));
}

/** Views of the newest runs, newest first. */
export function recentRuns(limit: number, repository: string | undefined, sources: ViewSources): RunView[] {
  for (let read = limit; ; read *= 4) {
    const rows = sources.ports.store.runs(read);
    const wanted = rows.filter((run) => (repository === undefined || run.repository === repository) && !isTrial(run));
    if (wanted.length >= limit || rows.length < read) {
      return wanted.slice(0, limit).map((run) => new RunView(run, sources));
    }
  }
}

/** A plan that was only looked at is no run until it is carried out. */
function isTrial({ trial, state, phase }: Run): boolean {
  return trial === true && state === "open" && phase !== "phase_4_execute" && phase !== "phase_5_aggregate";
}

export class RunView {
  /** the run as it was when the view was taken */
  readonly run: Run;
  /** `interrupted` where the process that worked on the run has died */
  readonly state: RunState;
  readonly #ports: OrchestratorPorts;
  readonly #live: OwnedRuns;
  #context: Promise<Result<PlannedRun>> | undefined;

  constructor(run: Run, { ports, live }: ViewSources) {
    this.run = run;
    const state = stateOf(run, ports);
    this.state = live.hasLeft(run) && !hasEnded(state) ? "interrupted" : state;
    this.#ports = ports;
    this.#live = live;
  }

  get run_id(): string {
    return this.run.run_id;
  }

  /** True while a process, this or another, works on the run. */
  get isWorking(): boolean {
    return this.isOwn || this.state === "executing" || this.state === "aggregating";
  }

  /** True while this process works on the run. */
  get isOwn(): boolean {
    return this.#live.isLive(this.run_id);
  }

  /** The reason why the run stopped without having been asked to. */
  get failure(): Failure | undefined {
    return this.#live.failureOf(this.run_id) ?? this.run.error;
  }

  get list(): TaskList | undefined {
    return this.#ports.store.artefact(this.run_id, "task_list");
  }

  get graph(): DependencyGraph | undefined {
    return this.#ports.store.artefact(this.run_id, "dependency_graph");
  }

  get plan(): ExecutionPlan | undefined {
    return this.#ports.store.artefact(this.run_id, "execution_plan");
  }

  get report(): Report | undefined {
    return this.#ports.store.artefact(this.run_id, "report");
  }

  get attempts(): Attempt[] {
    return this.#ports.store.attempts(this.run_id);
  }

  get hasAmendments(): boolean {
    return this.#ports.store.amendments(this.run_id).length > 0;
  }

  /** Tasks done by a chat client that the checks fail with, and whose extra attempt nobody has made. */
  get extraAttempts(): string[] {
    const culprits = this.report?.validation.culprits.filter((culprit) => !culprit.repaired) ?? [];
    const { attempts, list, run } = this;
    return culprits.flatMap(({ task_id }) => {
      const task = list?.tasks.find(({ id }) => id === task_id);
      const own = attempts.filter((attempt) => attempt.task_id === task_id);
      return task !== undefined && worksInClient({ run, task }) && mayRepair(own) ? [task_id] : [];
    });
  }

  get hasOffers(): boolean {
    return !this.run.pause_requested && this.#ports.store.leases(this.run_id).some(({ state }) => state === "offered");
  }

  /** Conflicts that nobody has decided yet. */
  get conflicts(): Conflict[] {
    return openConflicts(this.run_id, this.#ports);
  }

  /** Requests for more files that wait for a person. */
  get scopeRequests(): ScopeRequest[] {
    return openScopeRequests(this.run_id, this.#ports);
  }

  /** Conflicts and scope requests in one form, as questions to a person. */
  get questions(): Question[] {
    return [...this.conflicts.map(conflictQuestion), ...this.scopeRequests.map(scopeQuestion)];
  }

  /** Ids of the questions, conflicts first. */
  get undecided(): string[] {
    const conflicts = this.conflicts.map((conflict) => conflict.conflict_id);
    return [...conflicts, ...this.scopeRequests.map((request) => request.request_id)];
  }

  /** The step that usually follows; undefined for a run that has ended. */
  get next(): NextStep | undefined {
    return nextStep(this);
  }

  /** The next decision where one is owed, else the step that follows. */
  get nextDecision(): NextStep | undefined {
    return nextDecision(this) ?? nextStep(this);
  }

  /** The newest `count` events, oldest first. */
  events(count: number): StoredEvent[] {
    return this.#ports.store.events(this.run_id, 0).slice(-count);
  }

  /** The artefacts of phases 1 to 3; fails naming the phase that is missing. */
  async planned(): Promise<Result<Planned>> {
    return this.#planned();
  }

  /** Counts of ended tasks, and what runs and waits; fails like `planned`. */
  async progress(): Promise<Result<Progress>> {
    const context = await this.#planned();
    return context.ok ? ok(progressOf(context.value)) : context;
  }

  /** Files that run something or steer others, and the tasks that may change them. */
  get steering(): { task_id: string; path: string; what: string }[] {
    const writing = this.list?.tasks.filter(({ access }) => mayWrite(access)) ?? [];
    return writing.flatMap(({ id, files }) => steeringEntries(files).map((entry) => ({ task_id: id, ...entry })));
  }

  /** Tasks that could be carried out and have not been; fails like `planned`. */
  async undone(): Promise<Result<string[]>> {
    const context = await this.#planned();
    return context.ok ? ok(leftUndone(context.value)) : context;
  }

  /** Whether the run has its report and nothing is left that could still be done for it; fails like `planned`. */
  async isOver(): Promise<Result<boolean>> {
    const context = await this.#planned();
    if (!context.ok) return context;
    const isOpen = ({ status }: TaskResult): boolean => status === "pending" || status === "running";
    const results = [...currentResults(context.value).values()];
    const hasReport = this.report !== undefined && this.failure === undefined;
    const isHeldUp = this.hasAmendments || this.run.budget_spent !== undefined;
    return ok(hasEnded(this.state) && hasReport && !isHeldUp && !results.some(isOpen));
  }

  /** Results by batch; fails like `planned`. */
  async results(): Promise<Result<BatchResults>> {
    const context = await this.#planned();
    return context.ok ? ok(resultsOf(context.value)) : context;
  }

  /** A task with its attempts; fails with the run's task ids. */
  task(taskId: string): Result<TaskRecord> {
    return taskOf(this.run_id, taskId, this.#ports);
  }

  /** The brief of the task's last attempt, or of its first when it has none. */
  async brief(taskId: string): Promise<Result<string>> {
    return taskBrief(this.run_id, taskId, this.#ports);
  }

  /** The commits that the task's last attempt began from and came to, accepted or not; without a task those of the whole. Fails where nothing was changed. */
  change(taskId?: string): Result<CommitRange> {
    return taskId === undefined ? wholeChange(this.run, this.#ports) : taskChange(this.run_id, taskId, this.#ports);
  }

  /** The change of the task's last attempt, accepted or not, as a unified diff. */
  async diff(taskId: string): Promise<Result<string>> {
    return taskDiff(this.run_id, taskId, this.#ports);
  }

  /** A file as the task's last attempt left it, or as it finds it. */
  async file(taskId: string, path: string): Promise<Result<string>> {
    return taskFile({ run_id: this.run_id, task_id: taskId, path }, this.#ports);
  }

  /** The dependency graph for a diagram; undefined before phase 2. */
  graphText(format: GraphFormat): string | undefined {
    const { graph } = this;
    return graph && graphText(graph, format);
  }

  /** The plan as a chart; undefined before phase 3. */
  picture(format: PictureFormat): string | undefined {
    const { plan, graph } = this;
    return plan && graph && planPicture(plan, graph, format);
  }

  /** The plan in time, its axis `width` characters wide; undefined before phase 3. */
  gantt(width: number): string | undefined {
    const { plan, graph } = this;
    return plan && graph && ganttText(chartOf(plan, graph), width);
  }

  /** The report as Markdown; undefined before phase 5. */
  reportMarkdown(): string | undefined {
    const { report } = this;
    return report && reportMarkdown(report);
  }

  /** The message of one commit that holds the whole result. */
  async squashMessage(): Promise<Result<string>> {
    const context = await this.#planned();
    if (!context.ok) return context;
    const { list, plan } = context.value;
    const steps = this.#ports.store.artefact(this.run_id, "integration")?.steps ?? [];
    const landed = new Set(steps.map((step) => step.task_id));
    const accepted = inMergeOrder({ list, plan, attempts: this.attempts });
    return ok(
      squashMessage(
        this.run,
        accepted.filter(({ task }) => landed.has(task.id)),
      ),
    );
  }

  #planned(): Promise<Result<PlannedRun>> {
    this.#context ??= openSession(this.run_id, this.#ports).then((session) =>
      session.ok ? planned(session.value, this.#ports) : session,
    );
    return this.#context;
  }
}
