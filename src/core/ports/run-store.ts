/** Durable record of a run. Every change is durable before it is acted on, so that a killed run can go on. */
import type { Amendment, StoredAmendment } from "../model/amendment.ts";
import type { Attempt } from "../model/attempt.ts";
import type { Decision } from "../model/conflict.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { PastDuration } from "../model/estimate.ts";
import type { Event, StoredEvent } from "../model/event.ts";
import type { ExecutionPlan } from "../model/execution-plan.ts";
import type { Integration } from "../model/integration.ts";
import type { KnowledgeContext } from "../model/knowledge-context.ts";
import type { Lease } from "../model/lease.ts";
import type { Transition } from "../model/life.ts";
import type { WorkflowRun, WorkflowState } from "../model/orchestration.ts";
import type { ProcessIdentity } from "../model/process-identity.ts";
import type { Report } from "../model/report.ts";
import type { Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import type { RunOwner } from "../model/run-owner.ts";
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

/** Proof of one piece of work that it owns the run: every write names it, and is refused once another piece of work owns the run. */
export interface OwnerToken {
  run_id: string;
  epoch: number;
}

/** Entry that anybody may leave for a run's owner, with the events that tell of it; which states allow what is in `model/life.ts`. */
export type Entry = { events?: Event[] } & (
  | { type: "amendment"; amendment: Amendment }
  /** refused with `changed_meanwhile` when another request was asked or decided since `revision` */
  | ({ type: "scope_request" } & ScopeDecision)
  /** its version must be one more than the stored one's, else `lease_changed` and nothing is written */
  | { type: "lease"; lease: Lease }
  /** refused with `changed_meanwhile` when the same versions were decided on already */
  | { type: "decision"; decision: Decision }
  | { type: "pause" }
  | { type: "cancel" }
);

/** A request for scope as it was decided on the strength of `scopeRevision`; what it grants is left to be planned with. */
export interface ScopeDecision {
  request: ScopeRequest;
  revision: number;
}

export interface Left {
  /** of an amendment: its number among those of all runs */
  seq: number | undefined;
  /** a piece of work owns the run and takes the entry up, unless its process has died */
  owned: boolean;
}

/** Fields of a run that are written directly: all but its identity, owner, epoch and state. */
export type RunPart = Partial<Omit<Run, "run_id" | "owner" | "epoch" | "state">>;

/** Written together or not at all. */
export interface Change {
  /** the run's state follows from it, by the table in `model/life.ts` */
  transition?: Transition;
  run?: RunPart;
  artefacts?: Partial<Artefacts>;
  /** artefacts that are no longer true, because an earlier phase was done again */
  discard?: (keyof Artefacts)[];
  attempt?: Attempt;
  /** several at once */
  attempts?: Attempt[];
  /** numbers of the amendments that are part of the artefacts now, or were refused */
  taken_up?: number[];
  /** its version must be one more than the stored one's (1: there must be none), else `lease_changed` and nothing is written */
  lease?: Lease;
  /** refused like one that is left */
  scope_decision?: ScopeDecision;
  /** what later estimates learn from: how long `task_id` took; of several the last counts */
  duration?: PastDuration & { task_id: string };
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
  /** The run with what its first phase left, in one transaction. */
  create(run: Run, first: Pick<Change, "artefacts" | "events">): void;
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
  /** Measured durations of tasks from all runs of the repository, newest first, at most `limit`. */
  durations(repository: string, limit: number): PastDuration[];
  /** Amendments that nobody has taken up yet, in the order they were left. */
  amendments(run_id: string): StoredAmendment[];
  /** How often scope requests of the run were asked or decided: what a decision on one must name. */
  scopeRevision(run_id: string): number;
  /** How often something was left for the run's owner: a number that is another one says that there is something to look at. */
  inbox(run_id: string): number;
  /** Leaves `entry` for the run's owner: the one way to write a run without owning it. Fails with `wrong_phase` where the run's state does not allow it. */
  leave(run_id: string, entry: Entry): Result<Left>;
  /**
   * Applies `change` in one transaction, only while `token` owns its run (else `run_busy`); fails with `wrong_phase` for a transition
   * that the run's state does not have.
   */
  apply(token: OwnerToken, change: Change): Result<void>;
  /**
   * Makes `owner` the run's owner. `isAlive` decides whether a present owner still counts; a living one gives `run_busy`, with its
   * identity as data. `before` is the dead owner that the run was taken from.
   */
  acquire(
    run_id: string,
    owner: RunOwner,
    isAlive: (owner: RunOwner) => boolean,
  ): Result<{ token: OwnerToken; before: RunOwner | undefined }>;
  /** Ends the ownership; false, and the run is still owned, while something was left for its owner that it has not taken up. */
  release(token: OwnerToken): boolean;
  /** Ends the ownership, whatever was left: the next owner takes it up. While the store cannot be written it is tried again. */
  abandon(token: OwnerToken): void;
  /** The lowest free slot, now held by `owner`; undefined when a limit is reached. Slots of dead processes are free. */
  takeSlot(request: SlotRequest, isAlive: (process: ProcessIdentity) => boolean): number | undefined;
  /** Gives back a slot that `owner` holds. While the store cannot be written it is tried again. */
  releaseSlot(number: number, owner: ProcessIdentity): void;
  close(): void;
}
