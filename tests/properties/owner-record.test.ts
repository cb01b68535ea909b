/** What an owner remembers of its run is what the store would say, whatever the owner wrote and others left. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openRunStore } from "../../src/adapters/run-store/sqlite-run-store.ts";
import type { Artefacts, Change, Entry, RunPart, RunStore } from "../../src/core/ports/run-store.ts";
import { ownerRecord } from "../../src/core/run/owner-record.ts";
import { own } from "../contracts/owned.ts";
import {
  artefacts,
  created,
  sampleAttempt,
  sampleDecision,
  sampleLease,
  sampleRun,
  sampleScopeRequest,
} from "../contracts/run-store.samples.ts";
import { rounds } from "../rig/extent.ts";

const RUNS = { numRuns: rounds(15, 40) };
const IDS = ["run-1", "run-2"];
const KINDS = Object.keys(artefacts) as (keyof Artefacts)[];

/** Everything a store says of both runs, but what was decided in other runs. */
const QUESTIONS: ((store: RunStore, id: string) => unknown)[] = [
  (store, id) => store.run(id),
  (store, id) => store.attempts(id),
  (store, id) => store.leases(id),
  (store, id) => store.decisions(id),
  (store, id) => store.scopeRequests(id),
  (store, id) => store.amendments(id),
  (store, id) => store.events(id, 0),
  (store, id) => [store.inbox(id), store.scopeRevision(id)],
  ...KINDS.map((kind) => (store: RunStore, id: string) => store.artefact(id, kind)),
];

type Step =
  | { do: "apply"; change: Change; late: boolean }
  | { do: "leave"; run_id: string; entry: Entry }
  | { do: "ask"; question: number };

const attempts = fc
  .record({
    task_id: fc.constantFrom("a", "b", "c"),
    attempt: fc.constantFrom(1, 1, 2),
    state: fc.constantFrom("running" as const, "accepted" as const, "lost" as const),
    started_at: fc.constantFrom(1, 2, 3),
  })
  .map(sampleAttempt);
const requests = fc
  .tuple(fc.constantFrom("scope:a:1", "scope:b:1"), fc.subarray(["src/tax.ts"]))
  .map(([request_id, granted]) => sampleScopeRequest({ request_id, granted }));
const leases = fc
  .record({ task_id: fc.constantFrom("a", "b"), version: fc.constantFrom(1, 2, 3) })
  .map((part) => sampleLease(part));
const someArtefacts: fc.Arbitrary<Partial<Artefacts>> = fc
  .tuple(fc.subarray(KINDS, { maxLength: 3 }), fc.nat(3))
  .map(([kinds, batch_id]) => ({
    ...Object.fromEntries(kinds.map((kind) => [kind, artefacts[kind]])),
    ...(kinds.includes("batch_log") ? { batch_log: [{ batch_id, started_at: batch_id }] } : {}),
  }));
const optional = { requiredKeys: [] };
const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ attempt: attempts }) },
  fc.record({ artefacts: someArtefacts, discard: fc.subarray(KINDS, { maxLength: 2 }), attempt: attempts }, optional),
  fc.record(
    {
      transition: fc.constantFrom("execute" as const, "idle" as const, "pause" as const, "complete" as const),
      run: fc.constantFrom<RunPart>({ request: "x" }, { error: undefined }, { phase: "phase_4_execute" }),
      attempt: attempts,
      events: fc.subarray([created("written")]),
    },
    optional,
  ),
  fc.record({ taken_up: fc.subarray([1, 2, 3]) }),
  fc.record({ lease: leases, attempt: attempts, artefacts: someArtefacts }),
  fc.record({ scope_decision: fc.record({ request: requests, revision: fc.nat(3) }), attempt: attempts }),
);
const entries: fc.Arbitrary<Entry> = fc.oneof(
  fc.constant<Entry>({ type: "amendment", amendment: { type: "add_tasks", tasks: [] }, events: [created("left")] }),
  fc.record({ type: fc.constant("scope_request" as const), request: requests, revision: fc.nat(3) }),
  fc.record({ type: fc.constant("lease" as const), lease: leases }),
  fc.record({
    type: fc.constant("decision" as const),
    decision: fc.constantFrom("x", "y").map((sides) => sampleDecision({ sides })),
  }),
  fc.constantFrom<Entry>({ type: "pause" }, { type: "cancel" }),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("apply" as const),
      change: changes,
      late: fc.constantFrom(false, false, false, true),
    }),
  },
  fc.record({ do: fc.constant("leave" as const), run_id: fc.constantFrom("run-1", ...IDS), entry: entries }),
  fc.record({ do: fc.constant("ask" as const), question: fc.nat(QUESTIONS.length - 1) }),
);

test("its answers are those of the store after every sequence of changes, entries and questions", () => {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-record-"));
  let files = 0;
  try {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 25, size: "max" }), (sequence) => {
        files += 1;
        const store = openRunStore(join(folder, `${files}.db`), { now: () => 1 });
        try {
          for (const run_id of IDS) store.create(sampleRun({ run_id, state: "executing" }), {});
          const late = own(store);
          const token = own(store);
          const record = ownerRecord(store, token);
          for (const step of sequence) {
            if (step.do === "apply") record.apply(step.late ? late : token, step.change);
            else if (step.do === "leave") store.leave(step.run_id, step.entry);
            for (const id of IDS) for (const ask of asked(step)) expect(ask(record, id)).toEqual(ask(store, id));
          }
          for (const id of IDS) for (const ask of QUESTIONS) expect(ask(record, id)).toEqual(ask(store, id));
          record.apply(token, {});
          for (const id of IDS) expect(record.pastDecisions(id)).toEqual(store.pastDecisions(id));
        } finally {
          store.close();
        }
      }),
      RUNS,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const asked = (step: Step) => (step.do === "ask" ? QUESTIONS.slice(step.question, step.question + 1) : []);
