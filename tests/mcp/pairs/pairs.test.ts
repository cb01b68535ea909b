/**
 * Pairs of calls that are fired at one run together: the run can be finished, nothing is lost, and whoever loses is told something
 * that helps. FORKJOIN_PAIRS=all tries every pair in every state; a number as many of them, drawn by the commit or by
 * FORKJOIN_PAIRS_SEED; a regular expression those whose name it matches. Without it a fixed choice is tried, of which
 * `npm test` has a part.
 */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, onTestFailed, test } from "vitest";
import { few } from "../../rig/extent.ts";
import { GitGate } from "../../rig/git-gate.ts";
import { gone } from "../../rig/processes.ts";
import { Rig } from "../../rig/rig.ts";
import { ChatClient } from "../mcp-client.ts";
import { CALLS, type Call, Scene, type Stage } from "./scene.ts";
import { STATES, type State } from "./states.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n", "o.txt": "o\n" };
const REPAIRED = ["sh", "-c", "! (grep -q '^a[0-9]' a.txt && grep -q '^b[0-9]' b.txt) || grep -q repaired b.txt"];

/** At which of its git calls the first call is held, if it comes so far. */
const HELD_AT = [1, 2, 3, 4, 6] as const;

/** What went wrong once, and one pair for each way in which two pieces of work can meet. */
const CHOSEN = [
  ...["planned: analyze, execute", "planned: decompose, execute", "planned: add, add", "planned: execute, cancel"],
  ...["executing: extend, submit", "executing: pause, claim", "executing: ask, extend", "executing: add, cancel"],
  ...["between_batches: add, aggregate", "between_batches: execute, cancel"],
  ...["executed: add, aggregate", "executed: aggregate, cancel"],
  ...["aggregating: extend, add", "aggregating: cancel, extend"],
  ...["repairing: ask, extend"],
  ...["awaiting_review: resolve, resolve", "awaiting_review: add, execute"],
  ...["paused: execute, add", "paused: cancel, execute"],
  ...["interrupted: execute, execute", "interrupted: submit, cancel", "interrupted: claim, aggregate"],
];

interface Pair {
  name: string;
  state: State;
  first: Call;
  second: Call;
  heldAt: number;
}

function allPairs(): Pair[] {
  const states = Object.keys(STATES).filter((name): name is State => name in STATES);
  return states.flatMap((state) =>
    CALLS.flatMap((first) =>
      CALLS.flatMap((second) =>
        HELD_AT.map((heldAt) => ({ name: `${state}: ${first}, ${second} at ${heldAt}`, state, first, second, heldAt })),
      ),
    ),
  );
}

function seedOf(): number {
  const given = process.env.FORKJOIN_PAIRS_SEED;
  if (given !== undefined) return Number(given);
  return Number.parseInt(execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).slice(0, 8), 16);
}

/** In the order of a hash of their names and the seed. */
function drawn(pairs: Pair[], seed: number): Pair[] {
  const hash = (text: string): number =>
    [...text].reduce((sum, sign) => Math.imul(sum ^ sign.charCodeAt(0), 16777619), seed);
  return pairs
    .map((pair) => ({ pair, key: hash(pair.name) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ pair }) => pair);
}

function askedPairs(): { pairs: Pair[]; how: string } {
  const asked = process.env.FORKJOIN_PAIRS;
  const all = allPairs();
  if (asked === undefined) {
    const pairs = CHOSEN.map((name, index) => all.find((pair) => pair.name === `${name} at ${HELD_AT[index % 3]}`));
    return {
      pairs: [
        ...few(
          5,
          pairs.filter((pair) => pair !== undefined),
        ),
      ],
      how: "a fixed choice",
    };
  }
  if (asked === "all") return { pairs: all, how: "all" };
  if (!/^\d+$/.test(asked)) return { pairs: all.filter(({ name }) => new RegExp(asked).test(name)), how: asked };
  const seed = seedOf();
  return { pairs: drawn(all, seed).slice(0, Number(asked)), how: `${asked} of ${all.length}, seed ${seed}` };
}

let rig: Rig;
let gate: GitGate;
let chat: ChatClient;
let number = 0;

const stage: Stage = {
  rig: () => rig,
  chat: () => chat,
  async restart() {
    process.kill(chat.pid, "SIGKILL");
    await gone(chat.pid);
    chat = await ChatClient.connect(rig, "--toolset", "all");
  },
};

beforeAll(async () => {
  rig = await Rig.create({
    files: FILES,
    config: { same_file: "optimistic", max_parallel: 8, sandbox: "off", scope_requests: "grant" },
  });
  rig.configure({ checks: { held: { command: rig.heldCommand }, repaired: { command: REPAIRED } } });
  gate = new GitGate(rig);
  gate.open();
  chat = await ChatClient.connect(rig, "--toolset", "all");
});

afterAll(async () => {
  await chat.client.close();
  gate.close();
  await rig[Symbol.asyncDispose]();
});

/** The second call arrives while the first one is held; the answer to a third shows that it has begun, and is done or waits. */
async function fire(scene: Scene, { first, second, heldAt }: Pair): Promise<void> {
  gate.arm(heldAt);
  const one = scene.send(first, "first");
  await gate.holds(one);
  const other = scene.send(second, "second");
  await Promise.race([other, scene.call("get_run", { wait_seconds: 0 })]);
  gate.open();
  await Promise.all([one, other, scene.finish()]);
  await scene.expectWhole(await scene.finish());
}

const { pairs, how } = askedPairs();

describe(`a pair of calls (${how})`, () => {
  test.each(pairs)("$name", async (pair) => {
    number += 1;
    const scene = new Scene(stage, number);
    onTestFailed(() => void process.stderr.write(`${scene.trace.join("\n")}\n`));
    await STATES[pair.state](scene);
    await fire(scene, pair);
  });
});
