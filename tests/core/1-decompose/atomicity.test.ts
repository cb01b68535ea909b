import { describe, expect, test } from "vitest";
import { listOf, problemsOf } from "../sample-plan.ts";

function fixOf(files: string[], estimated: string, id = "big"): string | undefined {
  return problemsOf([{ id, description: "Rework it", files, estimated }])[0]?.fix;
}

describe("the estimate", () => {
  test.each(["30min", "0.5h", "1800s", "29min 60s", "1ms"])("%s is accepted", (estimated) => {
    expect(listOf([{ description: "x", files: ["a"], estimated }]).total_tasks).toEqual(1);
  });

  test.each(["30min 1ms", "30.001min", "31min", "1h", "168h"])(
    "%s is refused, in the author's own words",
    (estimated) => {
      expect(
        problemsOf([{ id: "t", description: "x", files: ["a"], estimated }]).map((problem) => problem.message),
      ).toEqual([`task t: estimated is ${estimated}, at most 30min is accepted`]);
    },
  );

  test("none at all counts as 10min", () => {
    expect(listOf([{ description: "x", files: ["a"] }]).tasks.map((task) => task.estimated)).toEqual(["10min"]);
  });
});

describe("the proposal for a split", () => {
  test("goes by files where there are enough of them, in parts that are small enough", () => {
    expect(fixOf(["a", "b", "c", "d", "e"], "1h 15min")).toEqual(
      "split it by files, for example: big-1 (25min): a; big-2 (25min): b, c; big-3 (25min): d, e",
    );
  });

  test.each([
    ["one folder", ["src/**"], "45min", "split it into 2 tasks of about 23min each, linked by depends_on"],
    ["fewer files than parts", ["a", "b"], "3h", "split it into 6 tasks of about 30min each, linked by depends_on"],
  ])("goes by time for %s", (_, files, estimated, fix) => {
    expect(fixOf(files, estimated)).toEqual(fix);
  });

  test("shortens long lists", () => {
    const files = Array.from({ length: 200 }, (_, index) => `src/${index}.ts`);
    expect(fixOf(files, "1h")).toEqual(
      "split it by files, for example: big-1 (30min): src/0.ts … src/99.ts (100 paths in their order); big-2 (30min): src/100.ts … src/199.ts (100 paths in their order)",
    );
  });

  test("gives ids that are not too long", () => {
    const id = "x".repeat(64);
    const names = fixOf(["a", "b"], "1h", id)?.match(/x+-\d/g);
    expect(names).toEqual([`${"x".repeat(60)}-1`, `${"x".repeat(60)}-2`]);
  });
});

describe("suggestions", () => {
  test.each([
    ["dashes", "Do:\n- one\n- two", 2],
    ["numbers", "1. one\n2) two\n3. three", 3],
    ["stars, indented", "  * one\n  • two", 2],
  ])("steps marked by %s are counted", (_, description, steps) => {
    expect(listOf([{ id: "t", description, files: ["a"] }]).suggestions).toEqual([
      { message: `task t lists ${steps} steps: if they are separate changes, make them separate tasks` },
    ]);
  });

  test.each(["One thing\n- and its detail", "Use a-b and 1.5 of it", "Plain words\nover two lines"])(
    "%j is one change",
    (description) => {
      expect(listOf([{ description, files: ["a"] }]).suggestions).toEqual([]);
    },
  );

  test("ten paths are few enough", () => {
    const files = Array.from({ length: 10 }, (_, index) => `${index}`);
    expect(listOf([{ description: "x", files }]).suggestions).toEqual([]);
  });
});
