/** The libraries' own tests: which of them fail on a tree. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { git } from "./pairs.mjs";

const PYTHON = process.env.PYTHON ?? "python3";
const LIBRARIES = ["click", "jinja", "dirty-equals"];
const OPTIONS = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "-o", "filterwarnings=", "-rfE", "--tb=no"];

export class Suites {
  runs = 0;
  #place;
  #folder;
  #known = new Map();

  constructor(place, folder) {
    this.#place = place;
    this.#folder = folder;
  }

  static run(task) {
    return LIBRARIES.includes(task.split("/")[0]);
  }

  /** Names of the tests that fail on `commit`, with files of `from` in place of its own where given. */
  failing(commit, { files = ["tests"], from } = {}) {
    const key = JSON.stringify([git(this.#place, ["rev-parse", `${commit}^{tree}`]), files, from]);
    const known = this.#known.get(key) ?? this.#run(commit, { files, from });
    this.#known.set(key, known);
    return known;
  }

  #run(commit, { files, from }) {
    this.runs += 1;
    const work = mkdtempSync(join(this.#folder, "work-"));
    try {
      git(this.#folder, ["clone", "-q", "--shared", "--no-checkout", this.#place, work]);
      git(work, ["checkout", "-q", "--detach", commit]);
      if (from !== undefined) git(work, ["checkout", "-q", from, "--", ...files]);
      const tests = files.filter((file) => file.endsWith(".py") || !file.includes("."));
      const source = existsSync(join(work, "src")) ? join(work, "src") : work;
      const path = [source, process.env.PYTHONPATH].filter(Boolean).join(delimiter);
      const env = { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: "1" };
      const run = spawnSync(PYTHON, ["-m", "pytest", ...OPTIONS, ...tests], { cwd: work, env, timeout: 300_000 });
      const failed = [...`${run.stdout}`.matchAll(/^(?:FAILED|ERROR) (\S+)/gm)].map(([, name]) => name);
      return new Set([0, 1, 5].includes(run.status) ? failed : [...failed, "the runner itself"]);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /** Whether the held-out tests of both features pass on `commit` as they do on each feature alone. */
  isRight(commit, { task, features, sides }) {
    return features.every((feature, at) => {
      const [base, tests] = [`${task}/base`, `${task}/t${feature}`];
      const files = git(this.#place, ["diff", "--name-only", "--diff-filter=d", base, tests]).split("\n");
      const held = { files, from: git(this.#place, ["rev-parse", tests]) };
      const alone = this.failing(sides[at], held);
      return [...this.failing(commit, held)].every((name) => alone.has(name));
    });
  }
}
