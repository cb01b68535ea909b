/** The states a run can be in when a pair of calls arrives, each brought about by a real client. */
import { claim } from "../../rig/chat-work.ts";
import { HELD } from "../../rig/rig.ts";
import { append, hold, type Step, write } from "../../rig/steps.ts";
import type { Scene } from "./scene.ts";

export const STATES = {
  planned: async (scene: Scene): Promise<void> => scene.plan(),

  async executing(scene: Scene): Promise<void> {
    await scene.plan();
    await scene.execute("all");
  },

  async between_batches(scene: Scene): Promise<void> {
    await scene.plan();
    await scene.execute(undefined);
    await firstBatchDone(scene);
  },

  async executed(scene: Scene): Promise<void> {
    await scene.plan(agentTasks(scene));
    await scene.release(scene.id("a"));
    await scene.call("execute_batch", { batch_id: "all", wait_seconds: 20 });
  },

  async aggregating(scene: Scene): Promise<void> {
    await STATES.executed(scene);
    scene.goesOn(scene.call("aggregate_results", { validate: ["held"] }));
    await scene.rig.control.held(HELD);
  },

  /** `b` breaks the check together with `a`, and is held in its attempt at a repair. */
  async repairing(scene: Scene): Promise<void> {
    await scene.plan(agentTasks(scene).map(({ depends_on: _, ...task }) => task));
    const line = (name: string): Step[] => [append(`${name}.txt`, `${scene.id(name)}\n`)];
    const repaired = [...line("b"), append("b.txt", "repaired\n")];
    scene.script({ [scene.id("a")]: line("a"), [scene.id("b")]: [line("b"), [hold, ...repaired], repaired] });
    scene.mayFail.add(scene.id("b"));
    await scene.call("execute_batch", { batch_id: "all", wait_seconds: 20 });
    scene.goesOn(scene.call("aggregate_results", { validate: ["repaired"] }));
    await scene.rig.control.held(scene.id("b"), 2);
  },

  /** `a` and `d` wrote the same line. */
  async awaiting_review(scene: Scene): Promise<void> {
    const [a] = agentTasks(scene);
    await scene.plan([{ ...a }, { ...a, id: scene.id("d") }]);
    const whole = (name: string): Step[] => [write("a.txt", `${scene.id(name)}\n`)];
    scene.script({ [scene.id("a")]: whole("a"), [scene.id("d")]: whole("d") });
    await scene.call("execute_batch", { batch_id: "all", wait_seconds: 20 });
    await scene.call("aggregate_results");
  },

  async paused(scene: Scene): Promise<void> {
    await scene.plan();
    await scene.execute("all");
    await scene.pause();
    await scene.send("submit", "first");
    await scene.release(scene.id("a"));
    await scene.call("get_run", { wait_seconds: 20 });
  },

  async interrupted(scene: Scene): Promise<void> {
    await STATES.executing(scene);
    await scene.stage.restart();
  },
} as const;

export type State = keyof typeof STATES;

function agentTasks(scene: Scene): Record<string, unknown>[] {
  return scene.tasks().filter(({ agent }) => agent === undefined);
}

async function firstBatchDone(scene: Scene): Promise<void> {
  await scene.send("submit", "first");
  const offered = await claim(scene.chat, { run_id: scene.run_id, task_id: scene.id("o") });
  await scene.submit(offered, "done");
  await scene.release(scene.id("a"));
  await scene.call("get_run", { wait_seconds: 20 });
}
