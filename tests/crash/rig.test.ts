/** The crash rig itself: what it would call wrong, the names of points, and the order in which they are tried. */
import { expect, test } from "vitest";
import type { Observation } from "../rig/crash/observe.ts";
import { inRandomOrder } from "../rig/crash/order.ts";
import { pointOf, pointsOf, written } from "../rig/crash/point.ts";
import { problems } from "../rig/crash/verdict.ts";

const CALM: Observation = {
  state: "success",
  tasks: { a: "success", b: "success" },
  tree: "1234",
  merged: ["a", "b"],
  refs: ["refs/forkjoin/RUN/attempts/a/N", "refs/heads/forkjoin/RUN", "refs/heads/main"],
  state_files: ["forkjoin.db", "workspaces"],
  locks: [],
  processes: [],
  untouched: true,
  checkout: "5678\n",
  damage: [],
};

test.each<[string, Partial<Observation>, string]>([
  ["a task that nobody does any more", { tasks: { a: "success", b: "pending" } }, "task b is pending, and the run is"],
  ["a run in another state", { state: "partial" }, "the run is partial, undisturbed it is success"],
  ["another tree", { tree: "none" }, "the branch has another tree: there is none"],
  ["a task that was merged twice", { merged: ["a", "b", "b"] }, "task b is merged 2 times"],
  ["a task that was not merged", { merged: ["a"] }, "task b is merged 0 times"],
  ["a ref of nobody", { refs: [...CALM.refs, "refs/forkjoin/RUN/half"] }, "ref left: refs/forkjoin/RUN/half"],
  ["a ref that is not there", { refs: CALM.refs.slice(1) }, "ref missing: refs/forkjoin/RUN/attempts/a/N"],
  ["a folder", { state_files: [...CALM.state_files, "half", "half/tree"] }, "left in the state folder: half"],
  ["a lock", { locks: ["index.lock"] }, "lock left: .git/index.lock"],
  ["a process", { processes: ["sleep 300"] }, "process left: sleep 300"],
  ["a change of the checkout", { untouched: false }, "the user's checkout has changed"],
  ["a broken repository", { damage: ["missing tree 1"] }, "the repository is damaged: missing tree 1"],
])("%s is wrong", (_, change, problem) => {
  expect(problems({ ...CALM, ...change }, CALM)).toEqual([expect.stringContaining(problem)]);
});

test("nothing is wrong with the same end, nor with more attempts than it takes undisturbed", () => {
  expect(problems(CALM, CALM)).toEqual([]);
  expect(problems({ ...CALM, refs: [...CALM.refs, "refs/forkjoin/RUN/lost/a/N"] }, CALM)).toEqual([]);
});

test("how far a cancelled run had come says nothing", () => {
  const end = { ...CALM, state: "cancelled" };
  expect(problems({ ...end, tasks: { a: "pending" }, refs: CALM.refs.slice(1) }, end)).toEqual([]);
});

test("a point is read as it was printed, or without its process", () => {
  const point = { process: "resume", step: 17, moment: "after" } as const;
  expect(pointOf(written(point), "run")).toEqual(point);
  expect(pointOf("17:before", "run")).toEqual({ process: "run", step: 17, moment: "before" });
  expect(() => pointOf("17:between", "run")).toThrow("point 17:between: write it as run.17:before");
});

test("a sample is the same for the same seed, another for another, and in the end everything", () => {
  const steps = ["mkdir a", "commit run", "mkdir b", "git update-ref x", "mkdir c", "spawn sh"];
  const points = pointsOf("run", steps);
  const order = (seed: number): string[] => inRandomOrder(points, new Map([["run", steps]]), seed).map(written);
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  expect(order(1).toSorted()).toEqual(points.map(written).toSorted());
  expect(order(1).slice(0, 2)).toEqual([expect.stringMatching(/run\.[246]:/), expect.stringMatching(/run\.[246]:/)]);
});
