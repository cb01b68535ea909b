/** A process of its own with a lock of its own: one answer, in JSON, to each command, until its input ends. */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { identityOf, livenessByPid } from "../../../build/adapters/process/process-identity.js";
import { processOwners } from "../../../build/adapters/run-store/process-owners.js";

const [folder] = process.argv.slice(2);
const make = () => processOwners({ folder, identity: identityOf(process.pid), livenessByPid, takeOver: false });
const owners = make();
const more = [];

const COMMANDS = {
  self: () => owners.self(),
  liveness: ({ process }) => owners.liveness(process),
  sweep: ({ times = 1 }) => {
    for (let n = 0; n < times; n++) owners.sweep();
    return "swept";
  },
  /** as many further locks, as if this were as many processes */
  locks: ({ count }) => {
    for (let n = 0; n < count; n++) more.push(make());
    return more.map((each) => each.self());
  },
  close: () => {
    owners.close();
    return "closed";
  },
};

for await (const line of createInterface(process.stdin)) {
  const command = JSON.parse(line);
  writeSync(1, `${JSON.stringify(COMMANDS[command.do](command))}\n`);
}
