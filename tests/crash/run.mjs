/** `npm run test:crash`: kills real Forkjoin processes at their durable steps, resumes them, and says of each point whether that held. */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const USAGE = `npm run test:crash -- [OPTIONS]

  --scenario NAME   only this one (repeatable)
  --point POINT     only this one, as it was printed: run.17:before, or 17:before
  --all             every point, however long it takes; the default where a scenario is named
  --budget SECONDS  as many points as there is time for, an equal share for each scenario (default: 600)
  --seed NUMBER     which points those are; by default it comes from the commit
  --list            the durable steps of each process, without killing any
  --workers NUMBER  points tried at the same time (default: 2)`;

const { values } = parseArgs({
  options: {
    scenario: { type: "string", multiple: true, default: [] },
    point: { type: "string" },
    all: { type: "boolean", default: false },
    budget: { type: "string" },
    seed: { type: "string" },
    list: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});

function numberOf(name) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} ${values[name]}: write a whole number above 0`);
}

/** Another sample for every commit. */
function seedOfCommit() {
  try {
    return Number.parseInt(execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).slice(0, 8), 16);
  } catch {
    return Date.now() % 2 ** 32;
  }
}

if (values.help) {
  console.log(USAGE);
} else {
  const { scenario, point, list } = values;
  const unlimited = values.all || (scenario.length > 0 && values.budget === undefined);
  values.budget ??= "600";
  const crash = {
    ...{ scenario, point, list, workers: numberOf("workers") },
    budget: unlimited ? undefined : numberOf("budget"),
    seed: values.seed === undefined ? seedOfCommit() : numberOf("seed"),
  };
  const own = { config: false, include: ["tests/crash/asked.ts"], watch: false, provide: { crash } };
  const vitest = await startVitest("test", [], { ...own, disableConsoleIntercept: true, testTimeout: 0 });
  await vitest.close();
}
