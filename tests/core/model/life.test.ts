/** What the table of a run's life means, said without the table. */
import { describe, expect, test } from "vitest";
import {
  type EntryKind,
  hasEnded,
  LIFE,
  after as leadsTo,
  mayLeave,
  type Transition,
} from "../../../src/core/model/life.ts";
import { RunState } from "../../../src/core/model/run.ts";
import { isLong, WorkKind } from "../../../src/core/model/work-kind.ts";

const TRANSITIONS = [...new Set(Object.values(LIFE).flatMap((ways) => Object.keys(ways) as Transition[]))];
const working = (state: RunState): boolean => state === "executing" || state === "aggregating";
const every = RunState.options.flatMap((state) =>
  TRANSITIONS.flatMap((transition) =>
    WorkKind.options.map((work) => ({ state, transition, work, next: leadsTo(state, transition, work) })),
  ),
);
const made = every.flatMap((way) => (way.next === undefined ? [] : [{ ...way, next: way.next }]));

describe("a run's life", () => {
  test("reaches every state from the first one", () => {
    const reached = new Set<RunState>(["open"]);
    for (const state of reached) for (const way of made) if (way.state === state) reached.add(way.next);
    expect([...reached].sort()).toEqual([...RunState.options].sort());
  });

  test("ends for good when it is cancelled, and only then", () => {
    const final = RunState.options.filter((state) => !made.some((way) => way.state === state));
    expect(final).toEqual(["cancelled"]);
  });

  test("can be cancelled in every state but those with a branch or an end", () => {
    const cancelled = RunState.options.filter((state) => leadsTo(state, "cancel", "cancel") === "cancelled");
    expect(RunState.options.filter((state) => !cancelled.includes(state))).toEqual(["complete", "cancelled"]);
    for (const { next } of made.filter(({ transition }) => transition === "cancel")) expect(next).toBe("cancelled");
  });

  test("goes on to execution and aggregation from every state but the last", () => {
    for (const state of RunState.options.filter((each) => each !== "cancelled")) {
      expect([leadsTo(state, "execute", "execute"), leadsTo(state, "aggregate", "aggregate")]).toEqual([
        "executing",
        "aggregating",
      ]);
    }
  });

  test("is worked on only by work in the background, and leaves such a state by it, by a cancel, or by an heir", () => {
    for (const { work, next } of made) if (working(next)) expect(isLong(work)).toBe(true);
    const left = made.filter(({ state, work }) => working(state) && !isLong(work));
    expect([...new Set(left.map(({ work, next }) => `${work} → ${next}`))].sort()).toEqual([
      "amend → interrupted",
      "cancel → cancelled",
    ]);
  });

  test("has a report only after aggregation", () => {
    const ended = made.filter(({ state, next }) => next !== state && (next === "complete" || next === "failed"));
    expect([...new Set(ended.map(({ state, work }) => `${state} ${work}`))]).toEqual(["aggregating aggregate"]);
  });

  test("is never moved by work that only reaps", () => {
    expect(made.filter(({ work }) => work === "reap")).toEqual([]);
  });
});

describe("what may be left", () => {
  const states = (kind: EntryKind): RunState[] => RunState.options.filter((state) => mayLeave(kind, state));

  test("is nothing that asks for more of a run that has ended, but for tasks that are to be done again", () => {
    for (const kind of ["scope_request", "pause"] as const) {
      expect(states(kind).filter(hasEnded)).toEqual([]);
    }
    expect(states("amendment")).not.toContain("cancelled");
  });

  test("is a request to cancel wherever a cancel leads on", () => {
    expect(states("cancel")).toEqual(RunState.options.filter((state) => leadsTo(state, "cancel", "cancel")));
  });

  test("is a pause wherever somebody may pause", () => {
    expect(states("pause")).toEqual(RunState.options.filter((state) => leadsTo(state, "pause", "execute")));
  });

  test("is always what a client or a person has done already", () => {
    for (const kind of ["lease", "decision"] as const) expect(states(kind)).toEqual(RunState.options);
  });
});
