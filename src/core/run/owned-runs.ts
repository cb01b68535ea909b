/** Runs owned by this process: one piece of work at a time for each, under a token that the store knows, given back however the work ends. */
import { busyFailure, type Failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { Run } from "../model/run.ts";
import { RunStopped } from "../model/run-stopped.ts";
import { isLong, type WorkKind } from "../model/work-kind.ts";
import type { TakePorts } from "../ports/run-ports.ts";
import { cancelAsLeft, concludeWork } from "./conclude-work.ts";
import { Holder, type StopReason } from "./holder.ts";
import { type Ownership, takeRun } from "./take-run.ts";

export type ShortKind = Exclude<WorkKind, LongKind>;
export type LongKind = "execute" | "aggregate";

/** Work in the background, and what it came to: `ask` when a person has to decide before it can go on. */
export type LongWork = (signal: AbortSignal) => Promise<"idle" | "ask">;

const WATCH_MS = 500;
/** How often an owner looks again at what was left while it was leaving. */
const LAST_LOOKS = 5;

export class OwnedRuns {
  readonly #ports: TakePorts;
  readonly #takeUp: (ownership: Ownership) => Promise<void>;
  readonly #holders = new Map<string, Holder>();
  readonly #failures = new Map<string, Failure>();

  /** `takeUp` makes what was left for a run's owner part of its plan. */
  constructor(ports: TakePorts, takeUp: (ownership: Ownership) => Promise<void>) {
    this.#ports = ports;
    this.#takeUp = takeUp;
  }

  /** Owns the run for as long as `work` takes. Fails with `run_busy` while it is carried out, here or elsewhere. */
  async withRun<T>(
    runId: string,
    kind: ShortKind,
    work: (ownership: Ownership) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const turn = await this.#turn(runId, kind);
    if (!turn.ok) return turn;
    try {
      const taken = await takeRun(runId, kind, this.#ports);
      if (!taken.ok) return taken;
      try {
        return await work(taken.value);
      } catch (error) {
        if (error instanceof RunStopped) return err(error.failure);
        throw error;
      } finally {
        await this.#giveBack(taken.value);
      }
    } finally {
      this.#leave(runId, turn.value);
    }
  }

  /** Owns the run from now on: returns when `prepare` has begun the work, which goes on in the background; `wait` waits for its end. */
  async start(
    runId: string,
    kind: LongKind,
    prepare: (ownership: Ownership) => Promise<Result<LongWork>>,
  ): Promise<Result<void>> {
    const turn = await this.#turn(runId, kind);
    if (!turn.ok) return turn;
    const begun = await this.#begin(runId, kind, prepare).catch((error: unknown) => {
      this.#leave(runId, turn.value);
      throw error;
    });
    if (!begun.ok) {
      this.#leave(runId, turn.value);
      return begun;
    }
    void this.#carryOut(turn.value, begun.value);
    return ok(undefined);
  }

  /** The work that `prepare` made, with the ownership it goes on under; given back when there is none. */
  async #begin(
    runId: string,
    kind: LongKind,
    prepare: (ownership: Ownership) => Promise<Result<LongWork>>,
  ): Promise<Result<{ ownership: Ownership; work: LongWork }>> {
    const taken = await takeRun(runId, kind, this.#ports);
    if (!taken.ok) return taken;
    const ownership = taken.value;
    let begun = false;
    try {
      const work = await prepare(ownership);
      begun = work.ok;
      return work.ok ? ok({ ownership, work: work.value }) : work;
    } catch (error) {
      if (error instanceof RunStopped) return err(error.failure);
      throw error;
    } finally {
      if (!begun) await this.#giveBack(ownership);
    }
  }

  async #carryOut(holder: Holder, { ownership, work }: { ownership: Ownership; work: LongWork }): Promise<void> {
    const { run_id } = ownership.session.run;
    this.#failures.delete(run_id);
    const watch = this.#watchForCancel(run_id, holder);
    const ended = await work(holder.signal).then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error }),
    );
    holder.isLeaving = true;
    clearInterval(watch);
    const problem = await concludeWork(ownership, ended, holder.signal);
    if (problem !== undefined) this.#failures.set(run_id, problem);
    await this.#giveBack(ownership);
    this.#leave(run_id, holder);
  }

  /** Waits for work that is over in moments; work that goes on for longer is not waited for. */
  async #turn(runId: string, kind: WorkKind): Promise<Result<Holder>> {
    for (let holder = this.#holders.get(runId); holder !== undefined; holder = this.#holders.get(runId)) {
      if (isLong(holder.kind) && !holder.isLeaving) return err(busyHere(runId, holder.kind));
      await holder.done;
    }
    const mine = new Holder(kind);
    this.#holders.set(runId, mine);
    return ok(mine);
  }

  #leave(runId: string, holder: Holder): void {
    this.#holders.delete(runId);
    holder.leave();
  }

  /** Release of the run, after the entries left while the owner was leaving have been taken up. */
  async #giveBack(ownership: Ownership): Promise<void> {
    const { session, ports } = ownership;
    try {
      for (let looks = 0; looks < LAST_LOOKS; looks += 1) {
        if (ports.store.release(session.token)) return;
        await this.#takeUp(ownership);
        cancelAsLeft(ownership);
      }
    } catch {
      // Entries that could not be taken up stay where they were left: the next owner finds them.
    }
    ports.store.abandon(session.token);
  }

  /** A request to cancel may come from another process. A store that cannot be read for a moment is asked again. */
  #watchForCancel(runId: string, holder: Holder): NodeJS.Timeout {
    return setInterval(() => {
      try {
        if (this.#ports.store.run(runId)?.cancel_requested) holder.stop("cancelled");
      } catch {
        // The work itself finds out what is wrong with the store.
      }
    }, WATCH_MS);
  }

  /** A piece of work of this process carries the run out, or is leaving it. */
  isLive(runId: string): boolean {
    const holder = this.#holders.get(runId);
    return holder !== undefined && isLong(holder.kind);
  }

  /** The record names this process, whose work on the run has ended: the store could not be told of it yet. */
  hasLeft({ run_id, owner }: Run): boolean {
    if (owner === undefined || this.#holders.has(run_id) || !this.#failures.has(run_id)) return false;
    return owner.lock === this.#ports.owners.self().lock;
  }

  /** Resolves when the run is idle in this process or `ms` have passed, whichever comes first. */
  async wait(runId: string, ms: number): Promise<void> {
    const holder = this.#holders.get(runId);
    if (holder === undefined || ms <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([holder.done, timeout]).finally(() => clearTimeout(timer));
  }

  /** Why the work ended, where its record could not be kept: only this process knows. */
  failureOf(runId: string): Failure | undefined {
    return this.#failures.get(runId);
  }

  stop(runId: string, reason: StopReason): void {
    this.#holders.get(runId)?.stop(reason);
  }

  /** Ends everything, keeping all state, and waits until it has ended. */
  async close(): Promise<void> {
    const holders = [...this.#holders.values()];
    for (const holder of holders) holder.stop("interrupted");
    await Promise.all(holders.map(({ done }) => done));
  }
}

function busyHere(runId: string, kind: WorkKind): Failure {
  const doing = kind === "execute" ? "its tasks are being executed" : "its results are being aggregated";
  return busyFailure(
    `run ${runId} is being worked on: ${doing}`,
    "wait for it with get_run, or end it with cancel_run",
  );
}
