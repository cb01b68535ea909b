/** Whatever processes do to a run in whatever order, killed ones among them: the store says what a model of a few lines says. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openRunStore } from "../../src/adapters/run-store/sqlite-run-store.ts";
import { after, type EntryKind, hasEnded, mayLeave } from "../../src/core/model/life.ts";
import type { RunState } from "../../src/core/model/run.ts";
import type { RunOwner } from "../../src/core/model/run-owner.ts";
import { WorkKind } from "../../src/core/model/work-kind.ts";
import type { Entry, OwnerToken, RunStore } from "../../src/core/ports/run-store.ts";
import {
  created,
  owner,
  sampleDecision,
  sampleLease,
  sampleRun,
  sampleScopeRequest,
} from "../contracts/run-store.samples.ts";
import { TRANSITIONS } from "../contracts/run-store-life.contract.ts";
import { rounds } from "../rig/extent.ts";

const RUNS = { numRuns: rounds(10, 25) };
const MOST_STEPS = 60;

interface Model {
  state: RunState;
  owner: RunOwner | undefined;
  epoch: number;
  /** the pid that works now; those before it are dead */
  pid: number;
  inbox: number;
  revision: number;
  pause: boolean;
  cancel: boolean;
  amendments: number;
  lease: number;
  sides: string | undefined;
  events: number;
}

interface Real {
  store: RunStore;
}

const BEGUN: Model = {
  ...{ state: "open", owner: undefined, epoch: 0, pid: 1, inbox: 0, revision: 0 },
  ...{ pause: false, cancel: false, amendments: 0, lease: 0, sides: undefined, events: 0 },
};

class Step implements fc.Command<Model, Real> {
  readonly #name: string;
  readonly #act: (model: Model, real: Real) => void;

  constructor(name: string, act: (model: Model, real: Real) => void) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    this.#act(model, real);
    agree(model, real.store);
  }

  toString(): string {
    return this.#name;
  }
}

function agree(model: Model, store: RunStore): void {
  const run = store.run("run-1");
  const { state, epoch, events, inbox, revision, cancel, pause, amendments } = model;
  expect({
    ...{ state: run?.state, owner: run?.owner, epoch: run?.epoch, cancel: run?.cancel_requested },
    ...{ pause: run?.pause_requested ?? false, amendments: store.amendments("run-1").length },
    ...{
      inbox: store.inbox("run-1"),
      revision: store.scopeRevision("run-1"),
      lease: store.leases("run-1")[0]?.version,
    },
    ...{ sides: store.decisions("run-1")[0]?.sides, events: store.events("run-1", 0).length },
  }).toEqual({
    ...{ state, owner: model.owner, epoch, cancel, pause, amendments, inbox, revision, events },
    ...{ lease: model.lease === 0 ? undefined : model.lease, sides: model.sides },
  });
}

/** The present token, or one that was or would be another's. */
const tokenOf = ({ epoch }: Model, behind: number): OwnerToken => ({ run_id: "run-1", epoch: epoch - behind });
const owns = (model: Model, behind: number): boolean => behind === 0 && model.owner !== undefined;

const acquire = (work: WorkKind) =>
  new Step(`acquire to ${work}`, (model, { store }) => {
    const claimant = { ...owner, pid: model.pid, work };
    const answer = store.acquire("run-1", claimant, ({ pid }) => pid === model.pid);
    const before = model.owner;
    if (before?.pid === model.pid) {
      expect(answer).toMatchObject({ error: { code: "run_busy", owner: before } });
      return;
    }
    model.owner = claimant;
    model.epoch += 1;
    expect(answer).toEqual({ ok: true, value: { token: tokenOf(model, 0), before } });
  });

const transition = (name: (typeof TRANSITIONS)[number], behind: number) =>
  new Step(`${name} with token -${behind}`, (model, { store }) => {
    const work = model.owner?.work;
    const answer = store.apply(tokenOf(model, behind), { transition: name, events: [created(name)] });
    const next = work === undefined ? undefined : after(model.state, name, work);
    if (!owns(model, behind)) expect(answer).toMatchObject({ error: { code: "run_busy" } });
    else if (next === undefined) expect(answer).toMatchObject({ error: { code: "wrong_phase" } });
    else {
      expect(answer).toMatchObject({ ok: true });
      model.state = next;
      model.events += 1;
    }
  });

const takeUp = (behind: number) =>
  new Step(`take up with token -${behind}`, (model, { store }) => {
    const taken_up = store.amendments("run-1").map(({ seq }) => seq);
    const answer = store.apply(tokenOf(model, behind), { taken_up, run: { pause_requested: undefined } });
    expect(answer.ok).toBe(owns(model, behind));
    if (answer.ok) Object.assign(model, { amendments: 0, pause: false });
  });

/** What an entry of each kind is, fresh or stale, and what a fresh one changes. */
const ENTRIES: Record<EntryKind, (model: Model, stale: boolean) => { entry: Entry; changes: Partial<Model> }> = {
  amendment: (model) => ({
    entry: { type: "amendment", amendment: { type: "add_tasks", tasks: [] } },
    changes: { amendments: model.amendments + 1 },
  }),
  scope_request: ({ revision, amendments }, stale) => {
    const isGrant = revision % 2 === 1;
    const request = sampleScopeRequest({
      request_id: `scope:basket:${revision % 3}`,
      granted: isGrant ? ["src/tax.ts"] : [],
    });
    return {
      entry: { type: "scope_request", request, revision: stale ? revision - 1 : revision },
      changes: { revision: revision + 1, amendments: amendments + (isGrant ? 1 : 0) },
    };
  },
  lease: ({ lease }, stale) => ({
    entry: { type: "lease", lease: sampleLease({ version: stale ? lease + 2 : lease + 1 }) },
    changes: { lease: lease + 1 },
  }),
  decision: ({ sides, inbox }, stale) => ({
    entry: { type: "decision", decision: sampleDecision({ sides: stale && sides ? sides : `sides ${inbox}` }) },
    changes: { sides: `sides ${inbox}` },
  }),
  pause: () => ({ entry: { type: "pause" }, changes: { pause: true } }),
  cancel: () => ({ entry: { type: "cancel" }, changes: { cancel: true } }),
};
const STALE: Partial<Record<EntryKind, string>> = {
  scope_request: "changed_meanwhile",
  lease: "lease_changed",
  decision: "changed_meanwhile",
};

const leave = (kind: EntryKind, stale: boolean) =>
  new Step(`leave ${stale ? "stale " : ""}${kind}`, (model, { store }) => {
    const { entry, changes } = ENTRIES[kind](model, stale);
    const answer = store.leave("run-1", { ...entry, events: [created(kind)] });
    const isStale = stale && STALE[kind] !== undefined && !(kind === "decision" && model.sides === undefined);
    if (!mayLeave(kind, model.state)) expect(answer).toMatchObject({ error: { code: "wrong_phase" } });
    else if (isStale) expect(answer).toMatchObject({ error: { code: STALE[kind] } });
    else {
      expect(answer).toMatchObject({ ok: true, value: { owned: model.owner !== undefined } });
      Object.assign(model, changes);
      model.inbox += 1;
      model.events += 1;
    }
  });

const giveBack = (end: "release" | "abandon", behind: number) =>
  new Step(`${end} with token -${behind}`, (model, { store }) => {
    const isPending = (model.cancel || model.amendments > 0) && !hasEnded(model.state);
    const isKept = end === "release" && behind === 0 && isPending;
    expect(store[end](tokenOf(model, behind))).toBe(end === "abandon" ? undefined : !isKept);
    if (behind === 0 && !isKept) model.owner = undefined;
  });

const kill = new Step("kill", (model) => {
  model.pid += 1;
});

test("owner, state, inbox and what was left are those of the model after every step", () => {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-life-"));
  const open = (name: string): RunStore => openRunStore(join(folder, name), { now: () => 1 });
  const kinds = Object.keys(ENTRIES) as EntryKind[];
  const behind = fc.constantFrom(0, 0, 0, 1, -1);
  let files = 0;
  try {
    fc.assert(
      fc.property(
        fc.commands(
          [
            fc.constantFrom(...WorkKind.options).map(acquire),
            fc.constantFrom<WorkKind>("execute", "aggregate").map(acquire),
            fc.tuple(fc.constantFrom(...TRANSITIONS), behind).map(([name, back]) => transition(name, back)),
            fc
              .tuple(fc.constantFrom("execute", "aggregate", "ask", "fail"), fc.constant(0))
              .map(([name, back]) => transition(name as "execute", back)),
            fc.tuple(fc.constantFrom(...kinds), fc.boolean()).map(([kind, stale]) => leave(kind, stale)),
            behind.map(takeUp),
            fc
              .tuple(fc.constantFrom("release", "abandon"), behind)
              .map(([end, back]) => giveBack(end as "release", back)),
            fc.constant(kill),
            fc.nat(1_000).map(
              (number) =>
                new Step(`reopen ${number}`, (_, real) => {
                  real.store.close();
                  real.store = open(`${files}.db`);
                }),
            ),
          ],
          { maxCommands: MOST_STEPS, size: "max" },
        ),
        (steps) => {
          files += 1;
          const real: Real = { store: open(`${files}.db`) };
          real.store.create(sampleRun(), {});
          try {
            fc.modelRun(() => ({ model: { ...BEGUN }, real }), steps);
          } finally {
            real.store.close();
          }
        },
      ),
      RUNS,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
