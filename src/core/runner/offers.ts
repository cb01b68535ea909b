/** Which tasks the scheduler has been offered: none twice, unless a person's word on it has made it worth another attempt. */
import { inputsOf } from "../4-execute/inputs-of.ts";
import type { ReadyTask } from "../4-execute/run-pool.ts";
import type { Task } from "../model/task.ts";
import type { OwnedRun } from "../run/planned-run.ts";

const LOOK_MS = 500;

export class Offers {
  readonly #run: Pick<OwnedRun, "session" | "ports">;
  /** task id → what people had said of it when it was offered: requests for scope decided, attempts to be made again */
  readonly #offered = new Map<string, number>();
  #inbox: number;

  constructor(run: Pick<OwnedRun, "session" | "ports">) {
    this.#run = run;
    this.#inbox = run.ports.store.inbox(run.session.run.run_id);
  }

  /** A task without an offer, or one that people have decided on since. */
  isFresh(id: string): boolean {
    const offered = this.#offered.get(id);
    return offered === undefined || offered < this.#decided(id);
  }

  /** Tasks of `tasks` that are worth an attempt. */
  of(tasks: Task[]): ReadyTask[] {
    const { session, ports } = this.#run;
    this.#inbox = ports.store.inbox(session.run.run_id);
    const attempts = ports.store.attempts(session.run.run_id);
    return tasks
      .filter(({ id }) => this.isFresh(id))
      .map((task) => ({
        task,
        attempts: attempts.filter((attempt) => attempt.task_id === task.id),
        inputs: inputsOf(task, attempts),
      }));
  }

  /** The task is about to start. */
  take({ id }: Task): void {
    this.#offered.set(id, this.#decided(id));
  }

  /** Resolves when something was left for the run's owner since the last offer, or when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    const { session, ports } = this.#run;
    const { run_id } = session.run;
    const isSame = (): boolean => ports.store.inbox(run_id) === this.#inbox;
    while (!signal.aborted && isSame()) await ports.notifier.wait(run_id, LOOK_MS, signal);
    this.#inbox = ports.store.inbox(run_id);
  }

  #decided(id: string): number {
    const { session, ports } = this.#run;
    const { run_id } = session.run;
    const requests = ports.store.scopeRequests(run_id).filter(({ task_id }) => task_id === id);
    const attempts = ports.store.attempts(run_id).filter(({ task_id }) => task_id === id);
    return (
      requests.filter(({ status }) => status !== "awaiting_person").length +
      attempts.filter(({ superseded }) => superseded === true).length
    );
  }
}
