/** What carrying a run out reads of its record: rows grow with the tasks, not with their square. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { ok } from "../../../src/core/model/result.ts";
import { Orchestrator } from "../../../src/core/orchestrator.ts";
import type { Executor } from "../../../src/core/ports/executor.ts";
import type { RunStore } from "../../../src/core/ports/run-store.ts";
import { seldom } from "../../rig/extent.ts";
import { Rig } from "../../rig/rig.ts";
import { granted } from "../sample-plan.ts";

/** Does every task at once, by one line in the file of its name. */
const instant: Executor = {
  unlimited: () => [],
  enforcement: () => ok("verified"),
  check: async () => ok(undefined),
  async run({ task_id, directory }) {
    await writeFile(join(directory, `${task_id}.txt`), "done\n");
    return ok(undefined);
  },
  reap: async () => undefined,
};

/** The store with what it reads counted, as rows that were parsed. */
function counting(store: RunStore, rows: { read: number }): RunStore {
  const counted = <A extends unknown[], T>(ask: (...args: A) => T): ((...args: A) => T) => {
    return (...args) => {
      const answer = ask(...args);
      if (Array.isArray(answer)) rows.read += answer.length;
      else if (answer !== undefined) rows.read += 1;
      return answer;
    };
  };
  return {
    ...store,
    run: counted(store.run),
    artefact: counted(store.artefact) as RunStore["artefact"],
    attempts: counted(store.attempts),
    decisions: counted(store.decisions),
    pastDecisions: counted(store.pastDecisions),
    leases: counted(store.leases),
    scopeRequests: counted(store.scopeRequests),
    amendments: counted(store.amendments),
    events: counted(store.events),
    durations: counted(store.durations),
    scopeRevision: counted(store.scopeRevision),
    inbox: counted(store.inbox),
  };
}

async function rowsOf(mode: "batches" | "streaming", count: number): Promise<number> {
  await using rig = await Rig.create({ config: { mode, max_parallel: 4, sandbox: "off" } });
  const { orchestrator: composed } = await rig.compose();
  const rows = { read: 0 };
  const store = counting(composed.ports.store, rows);
  const orchestrator = new Orchestrator({ ...composed.ports, store, executor: instant });
  const tasks = Array.from({ length: count }, (_, index) => {
    return { id: `t${index}`, description: `Do ${index}`, files: [`t${index}.txt`] };
  });
  const begun = granted(await orchestrator.decompose({ request: "Work", repo: rig.repository, work: { tasks } }));
  const { run_id } = begun.run;
  granted(await orchestrator.prepare(run_id));
  rows.read = 0;
  granted(await orchestrator.execute(run_id, "all"));
  await orchestrator.live.wait(run_id, 300_000);
  expect(store.attempts(run_id).map(({ state }) => state)).toEqual(tasks.map(() => "accepted"));
  return rows.read - count;
}

async function expectGrowth(mode: "batches" | "streaming", few: number): Promise<void> {
  const [one, four] = [await rowsOf(mode, few), await rowsOf(mode, 4 * few)];
  expect({ mode, one, four, grows: four / one <= 4.5 }).toEqual({ mode, one, four, grows: true });
}

seldom("a run of few tasks reads at most four and a half times the rows for four times the tasks", async () => {
  await expectGrowth("batches", 3);
});

seldom.each(["batches", "streaming"] as const)(
  "a run in %s reads at most four and a half times the rows for four times the tasks",
  async (mode) => expectGrowth(mode, 10),
  300_000,
);
