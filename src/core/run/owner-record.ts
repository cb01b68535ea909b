/** A run's record as its owner reads it: what only the owner writes is read once, what others leave is read again when something was left. */
import type { Attempt } from "../model/attempt.ts";
import type { Artefacts, Change, OwnerToken, RunStore } from "../ports/run-store.ts";

/** The store with the run of `token` remembered: each of its rows is read once, however often it is asked for. */
export function ownerRecord(store: RunStore, token: OwnerToken): RunStore {
  const { run_id } = token;
  const own = new OwnRows(store, run_id);
  let writes = 0;
  const mark = (): string => `${store.inbox(run_id)} ${writes}`;
  const untilLeft = <T>(ask: (id: string) => T): ((id: string) => T) => remembered(run_id, ask, mark);
  return {
    ...store,
    run: untilLeft(store.run),
    leases: untilLeft(store.leases),
    decisions: untilLeft(store.decisions),
    pastDecisions: untilLeft(store.pastDecisions),
    scopeRequests: untilLeft(store.scopeRequests),
    amendments: untilLeft(store.amendments),
    attempts: (id) => (id === run_id ? own.attempts() : store.attempts(id)),
    artefact: (id, kind) => (id === run_id ? own.artefact(kind) : store.artefact(id, kind)),
    apply(owner, change) {
      const applied = store.apply(owner, change);
      if (owner.run_id !== run_id) return applied;
      writes += 1;
      if (applied.ok) own.apply(change);
      return applied;
    },
  };
}

/** The run's row and what others leave: the answer holds until the owner writes or something is left. */
function remembered<T>(run_id: string, ask: (id: string) => T, mark: () => string): (id: string) => T {
  let kept: { value: T; mark: string } | undefined;
  return (id) => {
    if (id !== run_id) return ask(id);
    const now = mark();
    if (kept?.mark !== now) kept = { value: ask(id), mark: now };
    return kept.value;
  };
}

/** Artefacts and attempts: nobody but the owner writes them. */
class OwnRows {
  readonly #store: RunStore;
  readonly #run_id: string;
  readonly #artefacts: Partial<Artefacts> = {};
  readonly #read = new Set<keyof Artefacts>();
  #attempts: Attempt[] | undefined;

  constructor(store: RunStore, run_id: string) {
    this.#store = store;
    this.#run_id = run_id;
  }

  attempts(): Attempt[] {
    this.#attempts ??= this.#store.attempts(this.#run_id);
    return this.#attempts;
  }

  artefact<K extends keyof Artefacts>(kind: K): Artefacts[K] | undefined {
    if (!this.#read.has(kind)) {
      this.#read.add(kind);
      const stored = this.#store.artefact(this.#run_id, kind);
      if (stored !== undefined) this.#artefacts[kind] = stored;
    }
    return this.#artefacts[kind];
  }

  apply({ attempt, attempts = [], artefacts = {}, discard = [] }: Change): void {
    for (const kind of discard) {
      delete this.#artefacts[kind];
      this.#read.add(kind);
    }
    Object.assign(this.#artefacts, artefacts);
    for (const kind of kindsOf(artefacts)) this.#read.add(kind);
    for (const one of attempt === undefined ? attempts : [...attempts, attempt]) {
      this.#attempts = this.#attempts && withAttempt(this.#attempts, one);
    }
  }
}

function kindsOf(artefacts: Partial<Artefacts>): (keyof Artefacts)[] {
  const kinds: Record<keyof Artefacts, true> = {
    knowledge_context: true,
    task_list: true,
    dependency_graph: true,
    execution_plan: true,
    batch_log: true,
    integration: true,
    workflow: true,
    workflow_state: true,
    verdicts: true,
    report: true,
  };
  const isKind = (name: string): name is keyof Artefacts => name in kinds;
  return Object.keys(artefacts).filter(isKind);
}

/** In the store's order: by start, and of those of one moment the one that was there first; undefined where only the store knows it. */
function withAttempt(attempts: Attempt[], attempt: Attempt): Attempt[] | undefined {
  const at = attempts.findIndex((one) => one.task_id === attempt.task_id && one.attempt === attempt.attempt);
  // A client's attempt starts when it is claimed, later than it was offered.
  if (at !== -1 && attempts[at]?.started_at !== attempt.started_at) return undefined;
  const whole = at === -1 ? [...attempts, attempt] : attempts.with(at, attempt);
  return whole.sort((a, b) => a.started_at - b.started_at);
}
