/** The demo: ten tasks on a small project, up to five agents at once, one tested branch at the end. `--help` lists its options. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments, SCRIPTED, USAGE } from "./steps/arguments.mjs";
import { branchLog, changedPaths, keptRefs, runBranches, testBranch } from "./steps/branch.mjs";
import { changesBetween, photograph } from "./steps/checkout.mjs";
import { comparison, differences } from "./steps/expectation.mjs";
import { forkjoin, forkjoinJson, isBuilt, runOptions, writeConfiguration } from "./steps/forkjoin.mjs";
import { git } from "./steps/git.mjs";
import { heading, say, setIn, table } from "./steps/page.mjs";
import { makeProject } from "./steps/project.mjs";

const SOURCE = fileURLToPath(new URL("./project", import.meta.url));

async function makePlace(agent) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "forkjoin-demo-")));
  const place = { folder, project: join(folder, "tallybook"), home: join(folder, "home"), agent };
  const config = join(folder, "config.yaml");
  await makeProject(SOURCE, place.project);
  await writeConfiguration(config);
  return { ...place, config };
}

function showRepository({ project }) {
  heading("1. The repository");
  say(`A small invoicing tool with tests, at ${project}`, "Its history, newest first:");
  setIn(git(project, ["log", "--format=%h  %ad  %s", "--date=short"]));
  const files = git(project, ["ls-files"]).split("\n");
  const inFolder = (name) => files.filter((file) => file.startsWith(`${name}/`)).length;
  say(`${files.length} files: ${inFolder("src")} in src, ${inFolder("test")} in test, ${inFolder("docs")} in docs.`);
}

async function showPlan(place) {
  heading("2. The plan");
  say("forkjoin plan: which of the ten tasks may run side by side, in which order, and why.", "");
  const code = await forkjoin(place, ["plan", ...runOptions(place)]);
  if (code !== 0) throw new Error(`forkjoin plan ended with ${code}`);
  return forkjoinJson(place, ["plan", ...runOptions(place)]);
}

async function showRun(place) {
  heading("3. The run and its report");
  say(`forkjoin run: one process of the agent "${place.agent}" per task, each in a clone of its own.`);
  if (place.agent === SCRIPTED) {
    say(
      "The scripted agent fails once at csv-quoted-fields and is tried again. At html-invoice it also writes to package.json, which",
      "is not among that task's files, so nothing of it is accepted. A run with a failed task ends with exit code 1: expected here.",
    );
  }
  say("");
  return forkjoin(place, ["run", ...runOptions(place)]);
}

async function readResult(place) {
  const [branch] = runBranches(place.project);
  if (branch === undefined) throw new Error("the run left no branch forkjoin/<run_id>");
  const report = await forkjoinJson(place, ["report", branch.slice("forkjoin/".length)]);
  return { branch, report, changed: changedPaths(place.project, branch) };
}

function showBranch({ project }, { branch, changed }) {
  heading("4. The result: one branch");
  say(`git log --graph --oneline --stat main..${branch}`);
  setIn(branchLog(project, branch));
  say("", `${changed.length} files differ from main. Attempts and rejected work are kept apart, under refs/forkjoin/:`);
  setIn(keptRefs(project) || "none");
}

function showTests({ folder, project }, { branch, report }) {
  heading("5. The proof");
  const { hunks, accounted } = report.loss;
  say(`Of ${hunks} changes in accepted work, ${accounted} are in the result or were left out by a named decision.`);
  const tests = testBranch(project, branch, join(folder, "fresh-clone"));
  say(`The project's tests on a fresh clone of the branch: ${tests.pass} passed, ${tests.fail} failed.`);
  return tests;
}

function showCheckout({ project }, before) {
  heading("6. Your checkout is as it was");
  const after = photograph(project);
  table([["", "before the run", "after it"], ...Object.keys(before).map((name) => [name, before[name], after[name]])]);
  return changesBetween(before, after);
}

function showEfficiency({ report }) {
  heading("7. What running in parallel brought");
  const { work, wall } = report.timings;
  say(
    `Work done: ${work}. Time it took: ${wall}. Parallel efficiency: ${report.parallel_efficiency} (above 1, it helped).`,
  );
}

/** With the scripted agent: exit code 0 only when exactly the expected happened. */
async function showVerdict(outcome) {
  heading("8. Expected and happened");
  table([["task", "expected", "happened"], ...comparison(outcome.report)]);
  const wrong = await differences(outcome);
  if (wrong.length === 0) {
    say(
      "",
      "Exactly what was expected: nine tasks landed and passed the tests together, the one that left its files did not land.",
    );
    return 0;
  }
  say("", "This differs from what was expected:", ...wrong.map((line) => `  ${line}`));
  return 1;
}

function showNextSteps({ agent }) {
  heading("With a real agent");
  if (agent !== SCRIPTED)
    return say(
      "The agent got no more than the tasks' descriptions and scopes; compare its branch with the scripted one.",
    );
  say(
    "npm run demo -- --agent codex    (or claude, gemini)",
    "The agent then gets the descriptions in demo/tasks as they are. Its program must be installed and logged in.",
  );
}

async function demo({ agent }, place) {
  showRepository(place);
  const before = photograph(place.project);
  const plan = await showPlan(place);
  const exitCode = await showRun(place);
  if (exitCode !== 0 && exitCode !== 1) {
    say("", `forkjoin run ended with exit code ${exitCode}, so there is no result to show.`);
    return exitCode;
  }
  const result = await readResult(place);
  showBranch(place, result);
  const tests = showTests(place, result);
  const checkout = showCheckout(place, before);
  showEfficiency(result);
  const code = agent === SCRIPTED ? await showVerdict({ exitCode, plan, tests, checkout, ...result }) : exitCode;
  showNextSteps(place);
  return code;
}

/** Keeps the folder and says where it is, also when something went wrong or Ctrl-C ended the run; `clean` removes it. */
async function main(options) {
  process.on("SIGINT", () => say("", "Waiting for forkjoin to stop its agents."));
  const place = await makePlace(options.agent);
  try {
    return await demo(options, place);
  } catch (error) {
    console.error(`\nThe demo could not go on: ${error.message}`);
    return 1;
  } finally {
    if (options.clean) await rm(place.folder, { recursive: true, force: true });
    say("", options.clean ? "The demo's folder is removed." : `Everything is kept in ${place.folder}`);
  }
}

function refuse(message) {
  console.error(message);
  return 2;
}

const options = readArguments(process.argv.slice(2));
if (options.problem !== undefined) process.exitCode = refuse(options.problem);
else if (options.help) say(USAGE);
else if (!isBuilt()) process.exitCode = refuse("dist/cli.js is missing: run `npm run build` first.");
else process.exitCode = await main(options);
