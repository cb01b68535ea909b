/** The bisection for culprits over worlds with hidden clashes: always green, always maximal, few runs; and nobody blamed on verdicts that lie. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCompany } from "../../../src/core/5-aggregate/validate/find-company.ts";
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

  test("needs no more than two runs over a plain bisection for the search, two to confirm, and the base where it is the first", async () => {
    for (let first = 1; first <= 50; first += 1) {
      const searched = train(50, redFrom(first));
      await findCulprit(searched);
      expect(searched.runs).toBeLessThanOrEqual(6 + 2 + 2 + (first === 1 ? 1 : 0));
    }
  });

  test("goes on when a red turns green the second time, and blames the right one", async () => {
    const once = (count: number, asked: number): Verdict =>
      count >= 9 || (count === 6 && asked === 0) ? "red" : "green";
    for (const width of [1, 2, 3]) {
      expect(await findCulprit(train(10, once, width))).toEqual({ kind: "culprit", at: 9 });
    }
  });

  test("takes a red beginning of a green one for tasks that need one that follows, and finds who breaks the green one", async () => {
    const odd = (count: number): Verdict => (count === 10 || (count > 0 && count < 5) ? "red" : "green");
    for (const width of [2, 3, 4])
      expect(await findCulprit(train(10, odd, width))).toEqual({ kind: "culprit", at: 10 });
  });

  test("tests a red that was tested beside another again alone", async () => {
    const at = { once: 0, most: 0 };
    const disturbed: Train = {
      ...train(12, redFrom(11), 3),
      async test(count) {
        at.once += 1;
        at.most = Math.max(at.most, at.once);
        const together = at.once > 1;
        await Promise.resolve();
        at.once -= 1;
        return together || count >= 11 ? "red" : "green";
      },
    };
    expect(await findCulprit(disturbed)).toEqual({ kind: "culprit", at: 11 });
    expect(at.most).toBe(3);
  });

  test("blames nobody when the base fails as well, once the search has seen nothing but red", async () => {
    const broken = train(8, () => "red");
    expect(await findCulprit(broken)).toEqual({ kind: "inconsistent", why: "the base passed once and failed later" });
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

/** Tasks of one group fail unless all of it is there; `broken` fails with anybody. */
interface Dependent {
  tasks: string[];
  groups: string[][];
  broken: string[];
}

const dependent: fc.Arbitrary<Dependent> = fc
  .record({ size: fc.integer({ min: 3, max: 8 }), pair: fc.integer({ min: 2, max: 3 }), broken: fc.nat({ max: 2 }) })
  .chain(({ size, pair, broken }) => {
    const tasks = Array.from({ length: size }, (_, index) => `t${index}`);
    return fc.shuffledSubarray(tasks, { minLength: size, maxLength: size }).map((row) => ({
      tasks: row,
      groups: [tasks.slice(0, pair)],
      broken: tasks.slice(pair, pair + broken),
    }));
  });

function failsThere({ groups, broken }: Dependent, ids: string[]): boolean {
  const isTorn = (group: string[]): boolean =>
    group.some((id) => ids.includes(id)) && !group.every((id) => ids.includes(id));
  return groups.some(isTorn) || broken.some((id) => ids.includes(id));
}

describe("tasks that pass only together", () => {
  test("land together, whatever breaks besides: a pair beside two that break, a group of three beside one", async () => {
    await fc.assert(
      fc.asyncProperty(dependent, fc.integer({ min: 1, max: 3 }), async (found, width) => {
        fc.pre(failsThere(found, found.tasks) && (found.groups[0]?.length === 2 || found.broken.length === 1));
        const judge = (ids: string[]): Verdict => (failsThere(found, ids) ? "red" : "green");
        let row = found.tasks;
        const alone: string[] = [];
        const clashing: string[] = [];
        while (judge(row) === "red") {
          const now = row;
          const finding = await findCulprit(train(now.length, (count) => judge(now.slice(0, count)), width));
          if (finding.kind !== "culprit") throw new Error(finding.kind);
          const culprit = now[finding.at - 1] ?? "";
          const green = now.slice(0, finding.at - 1);
          const partners = await namePartners({ culprit, green, needs: new Map(), test: async (ids) => judge(ids) });
          expect(judge(green.filter((id) => partners.includes(id)))).toBe("green");
          (partners.length === 0 ? alone : clashing).push(culprit);
          row = now.filter((id) => id !== culprit);
        }
        const back = await findCompany({ ids: alone, test: async (ids) => judge([...row, ...ids]) });
        expect(clashing).toEqual([]);
        expect([...row, ...back].sort()).toEqual(found.tasks.filter((id) => !found.broken.includes(id)).sort());
      }),
    );
  });

  test("are no partners of a culprit that clashes with one of them", async () => {
    const judge = (ids: string[]): Verdict => {
      const torn = ids.includes("a") !== ids.includes("b");
      return torn || (ids.includes("c") && ids.includes("b")) ? "red" : "green";
    };
    const clash = { culprit: "c", green: ["x", "a", "b", "y"], needs: new Map<string, Set<string>>() };
    expect(await namePartners({ ...clash, test: async (ids) => judge(ids) })).toEqual(["a", "b"]);
  });
});
