/** An agent that waits until as many of its kind are there as it is told, leaves a process and an open port behind, and does its task. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const { BENCH_MEETING, BENCH_SIZE, FORKJOIN_TASK_ID: task, FORKJOIN_PORT_BASE: port } = process.env;

/** Lives in a session of its own, does not end when asked to, and listens on the lane's first port. */
const LEFT_BEHIND = `process.on("SIGTERM", () => undefined); require("node:net").createServer().listen(${port}, "127.0.0.1", () => process.stdout.write("up")); setInterval(() => undefined, 1000);`;

const left = spawn(process.execPath, ["-e", LEFT_BEHIND], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
await new Promise((resolve, reject) => {
  left.stdout.once("data", resolve);
  left.once("exit", () => reject(new Error(`port ${port} is taken`)));
});
left.stdout.destroy();
left.unref();
writeFileSync(`${task}.txt`, "done\n");
writeFileSync(join(BENCH_MEETING, `${task}.json`), port);
while (!existsSync(join(BENCH_MEETING, "over")) && readdirSync(BENCH_MEETING).length < Number(BENCH_SIZE)) {
  await delay(100);
}
