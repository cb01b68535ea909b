/** A planned run of a real repository, with the parts that a test of the run layer takes apart. */
import { join } from "node:path";
import { openDatabase } from "../../../src/adapters/run-store/sqlite-driver.ts";
import type { Run } from "../../../src/core/model/run.ts";
import type { Orchestrator } from "../../../src/core/orchestrator.ts";
import { takeUp } from "../../../src/core/planning/take-up.ts";
import type { OrchestratorPorts } from "../../../src/core/ports/orchestrator-ports.ts";
import { OwnedRuns } from "../../../src/core/run/owned-runs.ts";
import type { Ownership } from "../../../src/core/run/take-run.ts";
import { Rig, type RigOptions } from "../../rig/rig.ts";
import { granted } from "../sample-plan.ts";

export interface PlannedRig extends AsyncDisposable {
  rig: Rig;
  orchestrator: Orchestrator;
  ports: OrchestratorPorts;
  runId: string;
  /** over the same ports, with another way to take up what was left where one is given */
  runs: OwnedRuns;
  run(): Run;
  /** Changes the store's file behind its back. */
  tamper(sql: string): void;
}

export async function plannedRig(
  options: { takeUp?: (ownership: Ownership) => Promise<void>; tasks?: string[]; rig?: RigOptions } = {},
): Promise<PlannedRig> {
  const rig = await Rig.create(options.rig);
  const { orchestrator } = await rig.compose();
  const { ports } = orchestrator;
  const tasks = (options.tasks ?? ["a"]).map((id) => ({ id, description: `Do ${id}`, files: [`${id}.txt`] }));
  const begun = granted(await orchestrator.decompose({ request: "Work", repo: rig.repository, work: { tasks } }));
  const runId = begun.run.run_id;
  granted(await orchestrator.prepare(runId));
  const runs = new OwnedRuns(ports, options.takeUp ?? takeUp);
  return {
    ...{ rig, orchestrator, ports, runId, runs },
    run: () => {
      const run = ports.store.run(runId);
      if (run === undefined) throw new Error("the run is gone");
      return run;
    },
    tamper: (sql) => {
      const database = openDatabase(join(rig.home, "forkjoin.db"));
      database.exec(sql);
      database.close();
    },
    async [Symbol.asyncDispose]() {
      await runs.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}

/** A promise that the test settles. */
export class Gate<T = void> {
  readonly passed: Promise<T>;
  #open: (value: T) => void = () => undefined;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(value: T): void {
    this.#open(value);
  }
}
