/** Results that are taken over into the user's branch: as they are, as one commit, and tested anew on a branch that has moved. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repeated, run } from "../../rig/crash/acts.ts";
import type { Act, Scenario } from "../../rig/crash/scenario.ts";
import { git } from "../../rig/git.ts";
import { APPEND, THREE } from "./runs.ts";

const landing = {
  tasks: THREE.slice(0, 2),
  agents: { "*": APPEND },
  lands: true,
};

/** The user commits to main meanwhile. */
function moved(file: string): Act {
  const begin: Act["begin"] = async ({ repository }) => {
    writeFileSync(join(repository, file), "mine\n");
    git(repository, "add", "--all");
    git(repository, "commit", "--quiet", "--message", "Mine");
    return { code: 0, said: "" };
  };
  return { name: "commit", exits: [0], begin, again: begin };
}

export const land: Scenario = {
  ...{ name: "land", ...landing },
  prepared: [run([0])],
  acts: [repeated("land", [0])],
};

export const landSquashed: Scenario = {
  ...{ name: "land-squashed", ...landing },
  prepared: [run([0])],
  acts: [repeated("land", [0], () => ["--squash"])],
};

/** Neither way may leave a checkout in the middle of a merge. */
export const landClashing: Scenario[] = [[], ["--squash"]].map((how) => ({
  ...{ name: `land-clashing${how.length === 0 ? "" : "-squashed"}`, ...landing },
  prepared: [run([0]), moved("a.txt")],
  acts: [repeated("land", [1], () => how)],
}));

export const landOnto: Scenario = {
  ...{ name: "land-onto", ...landing },
  config: { checks: { all: { command: ["test", "-e", "user.txt"] } }, validate: ["all"] },
  files: { "a.txt": "a\n", "b.txt": "b\n", "user.txt": "\n" },
  prepared: [run([0]), moved("user.txt")],
  acts: [repeated("land", [0], () => ["--onto", "main"])],
};
