/** A process of its own that uses the built run store as its argument says and prints one line per acknowledged step. */
import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { openRunStore } from "../../../build/adapters/run-store/sqlite-run-store.js";

const { job, file, run, attempt, owner, changes } = JSON.parse(process.argv[2] ?? "{}");
const clock = { now: () => 1 };
// Not console.log: a line must be in the pipe before the next step, for a kill may come at any moment.
const say = (value) => writeSync(1, `${JSON.stringify(value)}\n`);

/** Change n writes four tables; whoever reads can tell whether one of them is missing. */
function change(n) {
  return {
    run: { request: `change ${n}` },
    artefacts: { batch_log: [{ batch_id: n, started_at: n }] },
    attempt: { ...attempt, attempt: n, started_at: n },
    events: [{ type: "sync_point", batch_id: n, commit: run.run_id }],
  };
}

function write() {
  const store = openRunStore(file, clock);
  store.create(run, {});
  const { token } = store.acquire(run.run_id, owner, () => false).value;
  for (let n = 1; n <= changes; n++) {
    const result = store.apply(token, change(n));
    say(result.ok ? n : result.error);
    if (!result.ok) break;
  }
  store.close();
}

function acquire() {
  const store = openRunStore(file, clock);
  say(store.acquire(run.run_id, owner, () => true));
  store.close();
}

const JOBS = { write, acquire };

say("ready");
await once(createInterface(process.stdin), "line");
await JOBS[job]();
process.stdin.destroy();
