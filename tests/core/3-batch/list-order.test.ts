/** The order of the list between tasks that never run side by side: kept, unless needs, what runs already, or the file's creator say otherwise. */
import { expect, test } from "vitest";
import { listOf, planOf } from "../sample-plan.ts";

const task = (id: string, estimated: string, more: object): object => ({
  id,
  description: `Do ${id}`,
  estimated,
  ...more,
});

const startsOf = (list: ReturnType<typeof listOf>, mode: "batches" | "streaming" = "batches"): string[] =>
  [...planOf(list, 5, { mode }).schedule].sort((a, b) => a.start_ms - b.start_ms).map(({ task_id }) => task_id);

test.each(["batches", "streaming"] as const)("the longer task that comes later waits, in %s", (mode) => {
  const list = listOf([
    task("create", "5min", { files: ["store.ts"] }),
    task("extend", "20min", { files: ["store.ts"] }),
  ]);
  expect(startsOf(list, mode)).toEqual(["create", "extend"]);
});

test("what the earlier one needs comes before it, although it comes later in the list", () => {
  const shared = { files: ["store.ts"] };
  const list = listOf([
    task("a", "5min", { ...shared, depends_on: ["c"] }),
    task("b", "5min", shared),
    task("c", "5min", shared),
  ]);
  expect(startsOf(list)).toEqual(["c", "a", "b"]);
});

test("a need elsewhere turns no pair that it does not concern", () => {
  const list = listOf([
    task("a", "5min", { files: ["a.ts"], depends_on: ["c"] }),
    task("b", "20min", { files: ["a.ts"] }),
    task("c", "30min", { files: ["c.ts"] }),
  ]);
  expect(startsOf(list)).toEqual(["c", "a", "b"]);
});

test("holders of a lock take it in the order of the list", () => {
  const list = listOf(
    ["a", "b", "c"].map((id, place) => task(id, `${5 + 5 * place}min`, { files: [`${id}.ts`], locks: ["db"] })),
  );
  expect(startsOf(list, "streaming")).toEqual(["a", "b", "c"]);
});
