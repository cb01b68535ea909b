/** The ways to join a pair that the bench compares: git's own, and Forkjoin's merge lane with and without tests to judge. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRepository } from "../../build/adapters/git/repository/git-repository.js";
import { locateRepository } from "../../build/adapters/git/repository/repository-location.js";
import { languageAnalyser } from "../../build/adapters/language-analyser/language-analyser.js";
import { mergeProgram } from "../../build/adapters/process/merge-program.js";
import { structuredText } from "../../build/adapters/structured-text/structured-text.js";
import { CheckJudge } from "../../build/core/5-aggregate/judge/check-judge.js";
import { integrate } from "../../build/core/5-aggregate/merge/integrate.js";
import { Configuration } from "../../build/core/model/configuration.js";
import { git } from "./pairs.mjs";

export const ARMS = ["git", "git, union", "git, -X ours", "default", "adjacent_lines", "test-judged"];

const NO_CACHE = {
  facts: async () => new Map(),
  keepFacts: async () => undefined,
  text: async () => undefined,
  keepText: async () => undefined,
};

export async function openPorts(place, folder) {
  const located = await locateRepository(place);
  if (!located.ok) throw new Error(located.error.message);
  const repository = await openRepository(located.value, join(folder, "engine.git"));
  const own = { structuredText: structuredText(), mergeProgram: mergeProgram() };
  return { repository, analyser: languageAnalyser(), cache: NO_CACHE, ...own };
}

/** The joined commit, or undefined where the arm leaves it to a person. `suites` is absent where no test can run. */
export async function joinedBy(arm, { place, folder, ports, base, sides, suites }) {
  if (arm.startsWith("git")) return joinedByGit(arm, { place, folder, base, sides });
  const candidates = arm === "test-judged" ? 6 : 0;
  const merge = { adjacent_lines: arm === "adjacent_lines", candidates };
  const settings = { ...Configuration.parse({ merge }), agents: {}, checks: { suite: { command: ["pytest"] } } };
  const run = { run_id: "bench", base_commit: base, settings };
  const judge = suites === undefined ? WILLING : judgeOf({ run, ports, suites, sides });
  const request = {
    ...requestOf(run, sides),
    previous: undefined,
    set_aside: [],
    landed: [],
    decisions: [],
    remembered: [],
  };
  const { tip, conflicts } = await integrate(request, { ...ports, ...(candidates > 0 ? { judge } : {}) });
  if (conflicts.length > 0) return undefined;
  return visible(ports, tip);
}

function requestOf(run, sides) {
  const tasks = sides.map((_, at) => ({ id: `t${at}`, description: `Task ${at}`, files: [], checks: [] }));
  const attempts = sides.map((commit, at) => {
    const change = { commit, files: [], insertions: 0, deletions: 0 };
    return { task_id: `t${at}`, attempt: 1, state: "accepted", base: run.base_commit, change, started_at: 1 };
  });
  const plan = { batches: [{ batch_id: 1, tasks: tasks.map((task) => task.id) }] };
  return { run, list: { tasks }, plan, attempts, strategy: "first_wins_with_merge" };
}

/** Where no test runs: whatever passes the gate is taken, so that the arm shows what it could join at most. */
const WILLING = { judge: async () => ({ kind: "chosen", candidate: 0, checks: [], tested: [] }) };

/** The suite as a check: it passes where nothing fails that does not fail with one of the two alone. */
function judgeOf({ run, ports, suites, sides }) {
  const states = {
    async test({ commit }, checks) {
      const alone = new Set(sides.flatMap((side) => [...suites.failing(side)]));
      const failed = [...suites.failing(await visible(ports, commit))].filter((name) => !alone.has(name));
      const output = failed.map((name) => `FAILED ${name}\n`).join("");
      return checks.map(({ name }) => ({ check: name, passed: failed.length === 0, duration_ms: 0, output }));
    },
  };
  const clock = { now: () => Date.now() };
  return new CheckJudge({ run, repository: ports.repository, clock, states, validate: ["suite"] });
}

/** Gives a commit of the merge lane a ref, so that its objects are where the tests run. */
async function visible({ repository }, commit) {
  const ref = `refs/forkjoin/bench/${commit}`;
  if ((await repository.readRef(ref)) !== undefined) return commit;
  const moved = await repository.moveRef(ref, commit, undefined);
  if (!moved.ok) throw new Error(moved.error.message);
  return commit;
}

/** A merge by git; where it conflicts, union and `ours` settle each file, as far as both sides have it. */
function joinedByGit(arm, { place, folder, base, sides: [ours, theirs] }) {
  const { clean, tree, paths } = mergeTree(place, ours, theirs);
  if (!clean && arm === "git") return undefined;
  const settled = clean
    ? tree
    : settledTree({ place, folder, tree, paths, flag: arm.includes("union") ? "--union" : "--ours" }, [
        ours,
        base,
        theirs,
      ]);
  return settled && git(place, ["commit-tree", "-p", ours, "-m", "joined", settled]);
}

function mergeTree(place, ours, theirs) {
  try {
    const tree = git(place, ["merge-tree", "--write-tree", "--name-only", ours, theirs]).split("\n")[0];
    return { clean: true, tree, paths: [] };
  } catch ({ stdout }) {
    const [tree, ...rest] = `${stdout}`.split("\n");
    return { clean: false, tree, paths: rest.slice(0, rest.indexOf("")) };
  }
}

function settledTree({ place, folder, tree, paths, flag }, versions) {
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, "index") };
  const index = (args, input) => execFileSync("git", ["-C", place, ...args], { env, input, encoding: "utf8" }).trim();
  index(["read-tree", tree]);
  for (const path of paths) {
    const files = versions.map((commit, at) => {
      const file = join(folder, `side-${at}`);
      writeFileSync(file, execFileSync("git", ["-C", place, "show", `${commit}:${path}`], { maxBuffer: 1 << 28 }));
      return file;
    });
    const text = execFileSync("git", ["merge-file", "-p", flag, ...files], { maxBuffer: 1 << 28 });
    const blob = index(["hash-object", "-w", "--stdin"], text);
    index(["update-index", "--cacheinfo", `100644,${blob},${path}`]);
  }
  return index(["write-tree"]);
}
