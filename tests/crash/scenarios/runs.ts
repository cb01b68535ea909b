/** Whole runs that nobody else takes part in: in batches, without barriers, behind the sandbox, with a task that fails once, with a culprit. */
import { run } from "../../rig/crash/acts.ts";
import type { Scenario } from "../../rig/crash/scenario.ts";

/** a and b side by side, c after both. */
export const THREE = [
  { id: "a", description: "Do a", files: ["a.txt"] },
  { id: "b", description: "Do b", files: ["b.txt"] },
  { id: "c", description: "Do c", files: ["c.txt"], depends_on: ["a", "b"] },
];
export const APPEND = "echo x >> $FORKJOIN_TASK_ID.txt";

export const one: Scenario = {
  name: "one",
  tasks: THREE.slice(0, 1),
  agents: { "*": APPEND },
  acts: [run([0])],
};

export const batches: Scenario = {
  name: "batches",
  tasks: THREE,
  agents: { "*": APPEND },
  acts: [run([0])],
};

export const streaming: Scenario = {
  name: "streaming",
  config: { mode: "streaming" },
  tasks: THREE,
  agents: { "*": APPEND },
  acts: [run([0])],
};

export const sandboxed: Scenario = {
  name: "sandboxed",
  config: { sandbox: "required" },
  tasks: THREE.slice(0, 1),
  agents: { "*": APPEND },
  acts: [run([0])],
};

/** a fails once, and each of its attempts leaves a process behind. */
export const retries: Scenario = {
  name: "retries",
  tasks: THREE.slice(0, 2),
  agents: {
    a: `sleep 300 & if [ "$FORKJOIN_ATTEMPT" = 1 ]; then exit 1; else ${APPEND}; fi`,
    b: APPEND,
  },
  acts: [run([0])],
};

/** b and c pass alone and fail together; on top of what passes c does it another way. */
export const culprits: Scenario = {
  name: "culprits",
  config: {
    checks: { apart: { command: ["sh", "-c", "grep -q x b.txt && grep -q x c.txt && exit 1; exit 0"] } },
    validate: ["apart"],
    culprit_search: { parallel: 1 },
  },
  tasks: THREE.map(({ id, description, files }) => ({ id, description, files })),
  agents: { c: 'if [ "$FORKJOIN_ATTEMPT" = 1 ]; then echo x >> c.txt; else echo y >> c.txt; fi', "*": APPEND },
  acts: [run([0])],
};
