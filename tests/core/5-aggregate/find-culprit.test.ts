/** The bisection for culprits over worlds with hidden clashes: always green, always maximal, few runs; and nobody blamed on verdicts that lie. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCulprit, type Train, type Verdict } from "../../../src/core/5-aggregate/validate/find-culprit.ts";
import { namePartners } from "../../../src/core/5-aggregate/validate/name-partners.ts";

/** A train of `length` tasks, tested by `judge`, which is told how often it was asked about that beginning before. */
function train(length: number, judge: (count: number, asked: number) => Verdict, width = 1): Train & { runs: number } {
  const asked = new Map<number, number>();
  const made = {
    length,
    width,
    runs: 0,
    known: () => undefined,
    async test(count: number) {
      made.runs += 1;
      const before = asked.get(count) ?? 0;
      asked.set(count, before + 1);
      return judge(count, before);
    },
  };
  return made;
}

const redFrom = (first: number) => (count: number) => (count >= first ? ("red" as const) : ("green" as const));

describe("findCulprit", () => {
  test("finds the task that turns the train red, at any place, with any number of tests at once", async () => {
    const worlds = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(worlds, async ([length, place, width]) => {
        const first = (place % length) + 1;
        expect(await findCulprit(train(length, redFrom(first), width))).toEqual({ kind: "culprit", at: first });
      }),
    );
  });

  test("needs no more than two runs over a plain bisection for the search, and two to confirm", async () => {
    for (let first = 1; first <= 50; first += 1) {
      const searched = train(50, redFrom(first));
      await findCulprit(searched);
      expect(searched.runs).toBeLessThanOrEqual(6 + 2 + 2);
    }
  });

  test("goes on when a red turns green the second time, and blames the right one", async () => {
    const once = (count: number, asked: number): Verdict =>
      count >= 9 || (count === 6 && asked === 0) ? "red" : "green";
    for (const width of [1, 2, 3]) {
      expect(await findCulprit(train(10, once, width))).toEqual({ kind: "culprit", at: 9 });
    }
  });

  test("blames nobody when more tasks turn a red beginning green", async () => {
    const odd = (count: number): Verdict => (count === 10 || count < 5 ? "red" : "green");
    const found = await findCulprit(train(10, odd, 4));
    expect(found).toMatchObject({ kind: "inconsistent", why: expect.stringContaining("pass when more are added") });
  });

  test("blames nobody when the machine breaks during the search and everything fails from then on", async () => {
    const state = { tests: 0 };
    const broken = (): Verdict => {
      state.tests += 1;
      return state.tests > 1 ? "red" : "green";
    };
    expect(await findCulprit(train(20, broken))).toMatchObject({ kind: "inconsistent" });
  });

  test("says how far it came when no run is left", async () => {
    const made = train(50, redFrom(40));
    const limited: Train = { ...made, test: async (count) => (made.runs >= 3 ? undefined : made.test(count, false)) };
    const found = await findCulprit(limited);
    expect(found.kind).toBe("undecided");
    expect(found.kind === "undecided" && found.green).toBeGreaterThan(0);
    expect(found.kind === "undecided" && found.green).toBeLessThan(40);
  });
});

interface World {
  tasks: string[];
  clashes: string[][];
}

const world: fc.Arbitrary<World> = fc.integer({ min: 2, max: 16 }).chain((size) => {
  const tasks = Array.from({ length: size }, (_, index) => `t${index}`);
  const clash = fc.uniqueArray(fc.constantFrom(...tasks), { minLength: 1, maxLength: 3 });
  return fc.record({ tasks: fc.constant(tasks), clashes: fc.array(clash, { minLength: 1, maxLength: 4 }) });
});

const fails = ({ clashes }: World, ids: string[]): boolean =>
  clashes.some((clash) => clash.every((id) => ids.includes(id)));

describe("the search repeated until the rest passes", () => {
  test("keeps a combination that passes and that no task it left out can be put back into", async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 1, max: 3 }), async (found, width) => {
        let order = found.tasks;
        const out: string[] = [];
        while (fails(found, order)) {
          const row = order;
          const judge = (count: number): Verdict => (fails(found, row.slice(0, count)) ? "red" : "green");
          const finding = await findCulprit(train(row.length, judge, width));
          if (finding.kind !== "culprit") throw new Error(finding.kind);
          out.push(...row.slice(finding.at - 1, finding.at));
          order = row.filter((_, index) => index !== finding.at - 1);
        }
        expect(fails(found, order)).toBe(false);
        for (const id of out) expect(fails(found, [...order, id])).toBe(true);
      }),
    );
  });

  test("names a smallest set of partners: with all of them it fails, without any one it passes", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (found) => {
        fc.pre(fails(found, found.tasks));
        const judge = (ids: string[]): Verdict => (fails(found, ids) ? "red" : "green");
        const finding = await findCulprit(train(found.tasks.length, (count) => judge(found.tasks.slice(0, count))));
        if (finding.kind !== "culprit") throw new Error(finding.kind);
        const culprit = found.tasks[finding.at - 1] ?? "";
        const green = found.tasks.slice(0, finding.at - 1);
        const needs = new Map<string, Set<string>>();
        const partners = await namePartners({ culprit, green, needs, test: async (ids) => judge(ids) });
        expect(judge([culprit, ...partners])).toBe("red");
        for (const id of partners) expect(judge([culprit, ...partners.filter((other) => other !== id)])).toBe("green");
      }),
    );
  });
});
