/** Runs that are asked for something on their way: a decision, more tasks, a pause, an end. */
import { command, killed, repeated, resume, run } from "../../rig/crash/acts.ts";
import type { Scenario } from "../../rig/crash/scenario.ts";
import { APPEND, THREE } from "./runs.ts";

/** Two versions of one line wait for a person, who takes both. */
export const conflict: Scenario = {
  name: "conflict",
  files: { "text.txt": "1\n2\n3\n", "c.txt": "c\n" },
  config: { same_file: "optimistic" },
  tasks: [
    { id: "a", description: "Do a", files: ["text.txt"] },
    { id: "b", description: "Do b", files: ["text.txt"] },
  ],
  agents: { "*": 'printf "1\\n$FORKJOIN_TASK_ID\\n3\\n" > text.txt' },
  acts: [run([3]), repeated("resolve", [0, 2], () => ["b:text.txt", "--choose", "both"]), resume([0])],
};

/** The command that an agent gives is given again when it was killed, and not when it was refused. */
const insist = (command: string): string => `until forkjoin ${command} || [ $? != 137 ]; do :; done`;

export const add: Scenario = {
  name: "add",
  tasks: THREE.slice(0, 2),
  beside: { "more.yaml": JSON.stringify({ tasks: [{ ...THREE[2], depends_on: ["a"] }] }) },
  agents: { a: `${insist('add "$FORKJOIN_RUN_ID" --tasks "$ROOM/more.yaml"')}; ${APPEND}`, "*": APPEND },
  acts: [run([0])],
  inside: ["add"],
};

/** c is left when the run has paused; the second `resume` finds what the first one left, if anything. */
export const pause: Scenario = {
  name: "pause",
  tasks: THREE.map((task) => (task.id === "b" ? { ...task, depends_on: ["a"] } : task)),
  agents: { a: `${insist('pause "$FORKJOIN_RUN_ID"')}; ${APPEND}`, "*": APPEND },
  acts: [run([130, 0]), resume([0])],
  inside: ["pause"],
};

/** The agent that has the run cancelled does not live to see it, nor does a command of its own that it waits for. */
export const cancel: Scenario = {
  name: "cancel",
  tasks: THREE,
  agents: { a: `${insist('cancel "$FORKJOIN_RUN_ID"')}; sleep 60`, "*": APPEND },
  acts: [run([1, 2]), command("clean", [0])],
  inside: ["cancel"],
};

const interrupted = killed(run([0]), /^spawn sh/, "after");

export const cancelIdle: Scenario = {
  name: "cancel-idle",
  tasks: THREE.slice(0, 1),
  agents: { "*": `${APPEND}; sleep 60` },
  prepared: [interrupted],
  acts: [repeated("cancel", [0])],
};

export const clean: Scenario = {
  name: "clean",
  tasks: THREE.slice(0, 2),
  agents: { "*": APPEND },
  prepared: [interrupted],
  acts: [command("clean", [0]), resume([0])],
};

/** Kills of the process that goes on after a kill: while agents ran, and while the result was delivered. */
export const resumeEarly: Scenario = {
  name: "resume-early",
  tasks: THREE,
  agents: { "*": APPEND },
  prepared: [interrupted],
  acts: [resume([0])],
};

export const resumeLate: Scenario = {
  name: "resume-late",
  tasks: THREE.slice(0, 2),
  agents: { "*": APPEND },
  prepared: [killed(run([0]), /git update-ref refs.heads.forkjoin/, "before")],
  acts: [resume([0])],
};
