/** Task checks that run at once: a failure that goes away is none, and one that stays names what they share. */
import { describe, expect } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append } from "../rig/steps.ts";

const ONCE =
  "test -e seen || { touch seen; echo 'Error: listen EADDRINUSE: address already in use :::8080' >&2; exit 1; }";
const ALWAYS = "echo 'Error: listen EADDRINUSE: address already in use :::8080' >&2; exit 1";

describe("a task check that fails", () => {
  seldom("and passes when it is run once more fails nothing, and is said", async () => {
    await using rig = await Rig.create({ config: { checks: { flaky: { command: ["sh", "-c", ONCE] } } } });
    rig.script({ a: [append("a.txt", "x\n")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", checks: ["flaky"] }));
    expect(code).toBe(0);
    expect(report.tasks).toMatchObject([{ attempts: 1, notes: [expect.stringContaining("flaky failed, and passed")] }]);
  });

  seldom("for a port that is taken names ports of its own and locks as the cure", async () => {
    await using rig = await Rig.create({ config: { checks: { server: { command: ["sh", "-c", ALWAYS] } } } });
    rig.script({ a: [append("a.txt", "x\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a", checks: ["server"] }));
    expect(report.tasks[0]?.error?.hint).toMatch(/FORKJOIN_PORT_BASE.*locks: \[server\]/);
  });
});
