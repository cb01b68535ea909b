/** What a run remembers. Every change is durable before it is acted on, so that a killed run can go on. */
import type { Amendment, StoredAmendment } from "../model/amendment.ts";
import type { Attempt, ProcessIdentity } from "../model/attempt.ts";
import type { Decision } from "../model/conflict.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Event, StoredEvent } from "../model/event.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Integration } from "../model/integration.ts";
import type { KnowledgeContext } from "../model/knowledge-context.ts";
import type { Lease } from "../model/lease.ts";
import type { WorkflowRun, WorkflowState } from "../model/orchestration.ts";
import type { Report } from "../model/report.ts";
import type { Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import type { ScopeRequest } from "../model/scope-request.ts";
import type { TaskList } from "../model/task-list.ts";
import type { Verdict } from "../model/verdict.ts";

/** The artefacts of the phases that are stored whole. Batch results are made from attempts and skips. */
export interface Artefacts {
  knowledge_context: KnowledgeContext;
  task_list: TaskList;
  dependency_graph: DependencyGraph;
  execution_plan: ExecutionPlan;
  /** which batches have begun and ended, in milliseconds since 1970 */
  batch_log: { batch_id: number; started_at: number; finished_at?: number }[];
  integration: Integration;
  workflow: WorkflowRun;
  workflow_state: WorkflowState;
  /** in the order they were given; those of an aggregation that has ended are discarded */
  verdicts: Verdict[];
  report: Report;
}

/** Written together or not at all. */
export interface Change {
  run?: Partial<Omit<Run, "run_id" | "owner" | "epoch">>;
  artefacts?: Partial<Artefacts>;
  /** artefacts that are no longer true, because an earlier phase was done again */
  discard?: (keyof Artefacts)[];
  attempt?: Attempt;
  decision?: Decision;
  /** numbers of the amendments that are part of the artefacts now, or were refused */
  taken_up?: number[];
  /** its version must be one more than the stored one's (1: there must be none), else `lease_changed` and nothing is written */
  lease?: Lease;
  scope_request?: ScopeRequest;
  events?: Event[];
}

/** Room for one attempt: at most `limit` on the repository and `machine` in all, over every process with this store. */
export interface SlotRequest {
  repository: string;
  limit: number;
  machine: number;
  owner: ProcessIdentity;
}

export interface RunStore {
  create(run: Run, events: Event[]): void;
  run(run_id: string): Run | undefined;
  /** newest first */
  runs(limit: number): Run[];
  artefact<K extends keyof Artefacts>(run_id: string, kind: K): Artefacts[K] | undefined;
  /** in the order they started */
  attempts(run_id: string): Attempt[];
  decisions(run_id: string): Decision[];
  /** what people decided in other runs of the same repository, the newest first; each says which run */
  pastDecisions(run_id: string): Decision[];
  /** by task and attempt */
  leases(run_id: string): Lease[];
  /** of all runs */
  leaseOf(token_hash: string): Lease | undefined;
  /** in the order they were asked */
  scopeRequests(run_id: string): ScopeRequest[];
  events(run_id: string, after_seq: number): StoredEvent[];
  /** Amendments that nobody has taken up yet, in the order they were left. */
  amendments(run_id: string): StoredAmendment[];
  /** Leaves `amendment` for the run's owner; false, and nothing is left, when nobody is executing the run. */
  amend(run_id: string, amendment: Amendment): Result<boolean>;
  /** Applies `change` in one transaction; with `epoch`, only while that owner still holds the run (else `run_busy`). */
  apply(run_id: string, change: Change, epoch?: number): Result<void>;
  /**
   * Makes `owner` the run's owner and returns the new epoch. `isAlive` decides whether a present owner still counts;
   * a living one gives `run_busy`.
   */
  acquire(run_id: string, owner: ProcessIdentity, isAlive: (process: ProcessIdentity) => boolean): Result<number>;
  release(run_id: string, epoch: number): void;
  /** The lowest free slot, now held by `owner`; undefined when a limit is reached. Slots of dead processes are free. */
  takeSlot(request: SlotRequest, isAlive: (process: ProcessIdentity) => boolean): number | undefined;
  /** Gives back a slot that `owner` holds. */
  releaseSlot(number: number, owner: ProcessIdentity): void;
  close(): void;
}
