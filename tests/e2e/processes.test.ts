/** No process outlives its attempt: time-outs, stubborn and runaway children, and what an agent leaves behind. */

import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { CAN_SEE_PROCESSES } from "../rig/processes.ts";
import { Rig } from "../rig/rig.ts";
import { append, child, forever, hold, ignoreTerm } from "../rig/steps.ts";

describe.skipIf(!CAN_SEE_PROCESSES)("the processes of an agent (needs /proc to see what is left)", () => {
  seldom("are all ended by the time-out: children, sessions of their own, and those that ignore SIGTERM", async () => {
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    rig.configure({ agents: { scripted: rig.scriptedAgent("2min"), hasty: rig.scriptedAgent("3s") } });
    const tree = [ignoreTerm, child(), child({ ignore_term: true }), child({ setsid: true, ignore_term: true })];
    rig.script({
      a: [[...tree, append("a.txt", "x\n"), forever], [append("a.txt", "ok\n")]],
      b: [hold],
    });
    const run = rig.startRun(rig.tasks({ id: "a", agent: "hasty" }, { id: "b", depends_on: ["a"], allow_empty: true }));
    const next = await rig.control.held("b");
    const alive = rig.processes().filter((line) => !line.includes("cli.js"));
    expect(alive.map((line) => Number(line.split(" ")[0]))).toEqual([next.pid]);
    next.release();
    const { code, report } = await run.done;
    expect(code).toBe(0);
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 2 });
    expect(rig.briefOf("a", 2)).toContain("timed_out: the agent was ended after 3s");
    expect(rig.show(report.commit, "a.txt")).toBe("a\nok\n");
    rig.expectNothingLeft();
  });

  test("are gone when it has ended well but left some in the background", async () => {
    await using rig = await Rig.create({ config: { sandbox: "off" } });
    rig.script({ a: [child(), child({ setsid: true, ignore_term: true }), append("a.txt", "x\n")], b: [hold] });
    const run = rig.startRun(rig.tasks({ id: "a" }, { id: "b", depends_on: ["a"], allow_empty: true }));
    const next = await rig.control.held("b");
    const alive = rig.processes().filter((line) => !line.includes("cli.js"));
    expect(alive.map((line) => Number(line.split(" ")[0]))).toEqual([next.pid]);
    next.release();
    expect((await run.done).code).toBe(0);
    rig.expectNothingLeft();
  });

  test("that a check leaves in the background are gone too", async () => {
    const leaves = { command: ["sh", "-c", "sleep 600 & setsid sleep 600 & exit 0"] };
    await using rig = await Rig.create({ config: { sandbox: "off", checks: { test: leaves }, validate: ["test"] } });
    rig.script({ a: [append("a.txt", "x\n")] });
    const { code } = await rig.run(rig.tasks({ id: "a", checks: ["test"] }));
    expect(code).toBe(0);
    rig.expectNothingLeft();
  });
});
