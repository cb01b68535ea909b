/**
 * The demo's scripted agent: a real process that does one task and ends, as a coding agent would, but without a model.
 * It gets what every agent gets from Forkjoin: a working directory of its own and the FORKJOIN_* variables.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { applyEdits, EditFailure } from "./agent/apply-edits.mjs";
import { whyTheLastAttemptFailed } from "./agent/last-failure.mjs";
import { runOwnTests } from "./agent/own-tests.mjs";
import { SCRIPTS } from "./agent/scripts.mjs";

const EDITS = fileURLToPath(new URL("./edits", import.meta.url));

async function main({ FORKJOIN_TASK_ID: task, FORKJOIN_ATTEMPT: attempt = "1", FORKJOIN_BRIEF_FILE: brief }) {
  const script = Object.hasOwn(SCRIPTS, task ?? "") ? SCRIPTS[task] : undefined;
  if (script === undefined) return giveUp(`the scripted agent knows no task "${task}"; it knows ${known()}`);
  say(`Task ${task}, attempt ${attempt}.`);
  if (Number(attempt) > 1) await readLastFailure(brief, script);
  await think(script);
  if (script.failsAtFirst !== undefined && attempt === "1") return giveUp(script.failsAtFirst);
  for (const line of await applyEdits(join(EDITS, task), process.cwd())) say(line);
  if (script.runsTests && !runOwnTests(say)) return giveUp("the project's tests fail after the change");
  say("Done.");
  return 0;
}

async function readLastFailure(brief, script) {
  say(`My brief says why the last attempt failed: ${await whyTheLastAttemptFailed(brief)}`);
  if (script.onRetry !== undefined) say(script.onRetry);
}

/** What takes a model its time, as timed steps: so many agents at once can be seen to work at once. */
async function think({ steps, seconds }) {
  for (const step of steps) {
    say(step);
    await sleep((seconds * 1_000) / steps.length);
  }
}

function known() {
  return Object.keys(SCRIPTS).sort().join(", ");
}

function say(line) {
  console.log(line);
}

function giveUp(message) {
  console.error(message);
  return 1;
}

try {
  process.exitCode = await main(process.env);
} catch (error) {
  if (!(error instanceof EditFailure)) throw error;
  process.exitCode = giveUp(error.message);
}
