/** The rig's agent: a real process that carries out the steps its test wrote for this task and attempt, or waits to be told. */
import { execFile, execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const {
  RIG_FOLDER,
  RIG_PORT,
  FORKJOIN_TASK_ID: task,
  FORKJOIN_ATTEMPT: number,
  FORKJOIN_BRIEF_FILE,
  FORKJOIN_OUTPUT_FILE,
} = process.env;
const attempt = Number(number);
const brief = readFileSync(FORKJOIN_BRIEF_FILE, "utf8");
const LIVES_ON = "setInterval(() => undefined, 1000); process.stdout.write('ready\\n');";

const STEPS = {
  write: ({ path, text }) => {
    mkdirSync(dirname(path), { recursive: true });
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(path);
    writeFileSync(path, text);
  },
  append: ({ path, text }) => appendFileSync(path, text),
  remove: ({ path }) => rmSync(path, { recursive: true }),
  folder: ({ path }) => mkdirSync(path, { recursive: true }),
  fifo: ({ path }) => execFileSync("mkfifo", [path]),
  chmod: ({ path, mode }) => chmodSync(path, mode),
  symlink: ({ path, target }) => symlinkSync(target, path),
  hardlink: ({ path, target }) => linkSync(target, path),
  rename: ({ path, target }) => renameSync(path, target),
  run: ({ command: [program, ...args] }) => {
    try {
      execFileSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    } catch (error) {
      console.log(`${program}: ${error.message}`);
    }
  },
  print: ({ text }) => console.log(text),
  hand_back: ({ text }) => writeFileSync(FORKJOIN_OUTPUT_FILE, text),
  exit: ({ code }) => process.exit(code),
  child: spawnChild,
  /** Asked to end, it tidies up with the help of a program, says so in its log and beside the rig, and ends. */
  end_at_term: () =>
    process.on("SIGTERM", () => {
      execFile(process.execPath, ["-e", ""], () => {
        appendFileSync(join(RIG_FOLDER, `ended-${task}-${attempt}.log`), "asked to end\n");
        process.stdout.write("flushed what it had\n", () => process.exit(1));
      });
    }),
  ignore_term: () => process.on("SIGTERM", () => undefined),
  forever: () => new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1)),
  hold,
  attempt: async ({ steps }) => {
    for (const step of steps) {
      try {
        await STEPS[step.do](step);
        appendFileSync(join(RIG_FOLDER, `done-${task}-${attempt}.log`), `${step.do}\n`);
      } catch (error) {
        appendFileSync(join(RIG_FOLDER, `refused-${task}-${attempt}.log`), `${step.do}: ${error.message}\n`);
      }
    }
  },
  execute: ({ command: [program, ...args] }) => execFileSync(program, args, { stdio: ["ignore", "inherit", "pipe"] }),
  connect: ({ to }) =>
    new Promise((resolve, reject) => {
      const socket = connect(to);
      socket.once("connect", () => resolve(socket.destroy())).once("error", reject);
    }),
  signal: ({ pid }) => process.kill(pid, 0),
};

/** Waits for the child's own word that it runs, so that nothing after this step can be too early. */
async function spawnChild({ setsid, ignore_term }) {
  const code = ignore_term ? `process.on('SIGTERM', () => undefined); ${LIVES_ON}` : LIVES_ON;
  const options = { detached: setsid, stdio: ["ignore", "pipe", "ignore"] };
  const started = spawn(process.execPath, ["-e", code], options);
  await new Promise((resolve) => started.stdout.once("data", resolve));
  started.stdout.destroy();
  started.unref();
}

/** Tells the test where it is and does what the test answers. Without an answer the test is gone. */
async function hold() {
  const socket = connect(Number(RIG_PORT), "127.0.0.1");
  socket.write(`${JSON.stringify({ task, attempt, pid: process.pid, directory: process.cwd(), brief })}\n`);
  for await (const line of createInterface({ input: socket })) {
    socket.destroy();
    return carryOut(JSON.parse(line));
  }
  process.exit(99);
}

async function carryOut(steps) {
  for (const step of steps) await STEPS[step.do](step);
}

const script = JSON.parse(readFileSync(join(RIG_FOLDER, "script.json"), "utf8"));
if (task !== "held") {
  appendFileSync(join(RIG_FOLDER, "agents.log"), `${task} ${attempt}\n`);
  writeFileSync(join(RIG_FOLDER, `brief-${task}-${attempt}.md`), brief);
}
const steps = script[task] ?? [];
try {
  await carryOut(steps[Math.min(attempt, steps.length) - 1] ?? []);
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
