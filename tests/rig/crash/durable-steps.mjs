/**
 * Preload of the crash rig (`NODE_OPTIONS=--import`): numbers every durable step of one Forkjoin process, writes each down in CRASH_TRACE,
 * and ends the process with SIGKILL before or after the one that CRASH_AT names (`17:before`, `/pattern of its name/:after`), unless the file
 * CRASH_DONE says that one was killed already.
 */
import { existsSync, openSync, writeFileSync, writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";
import { hookFiles } from "./hook-files.mjs";
import { hookProcesses } from "./hook-processes.mjs";
import { hookStore } from "./hook-store.mjs";

const { CRASH_TRACE: trace, CRASH_AT: at = "", CRASH_DONE: done } = process.env;

/** What is done to an entry of a folder that is held open. */
const ENTRY = /^(unlink|rmdir|rename) \/proc\/self\/fd\//;

function watch() {
  const [, pattern, wanted, moment] = /^(?:\/(.*)\/|(\d+)):(\w+)$/s.exec(at) ?? [];
  const kill = done !== undefined && !existsSync(done);
  const file = openSync(trace, "a");
  // The functions as they were before they were hooked.
  const say = (line) => writeSync(file, `${line}\n`);
  const note = () => writeFileSync(done, `${at}\n`);
  let number = 0;
  let row = 0;

  /** Returns what is to be called when the step is over. Of a folder that is removed entry by entry only the first two entries count. */
  function begin(name) {
    row = ENTRY.test(name) ? row + 1 : 0;
    if (row > 2) return () => undefined;
    number += 1;
    const mine = kill && (pattern === undefined ? String(number) === wanted : new RegExp(pattern).test(name));
    say(`${number} ${name.replace(/[^\x20-\x7e]/g, " ")}`);
    if (mine && moment === "before") end();
    return () => {
      if (mine && moment === "after") end();
    };
  }

  function end() {
    note();
    process.kill(process.pid, "SIGKILL");
    // Nothing more of this process happens, even where the signal is late.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }

  hookStore(begin);
  hookProcesses(begin);
  hookFiles(begin);
  syncBuiltinESMExports();
}

if (isMainThread && trace !== undefined && /\/dist\/(cli|server)\.js$/.test(process.argv[1] ?? "")) watch();
