/** `kill -9` at every step of the train (search, repair, its end): the same tree, nothing merged twice, no state tested more often than without. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { few } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, hold, type Step } from "../rig/steps.ts";

const IDS = ["a", "b", "c", "d"];
const FILES = Object.fromEntries(IDS.map((id) => [`${id}.txt`, `${id}\n`]));
const x = (id: string): Step => append(`${id}.txt`, "x\n");
const SCRIPT = {
  ...Object.fromEntries(IDS.map((id) => [id, [[x(id)]]])),
  c: [[x("c")], [hold, append("c.txt", "y\n")]],
};

/** b and c clash; c's second attempt is held until the test lets it go on, and passes. */
async function clashing(): Promise<Rig> {
  const rig = await Rig.create({ files: FILES, config: { sandbox: "off" } });
  const note = `cat [a-d].txt | tr -d '\\n' >> ${rig.folder}/runs.log; echo >> ${rig.folder}/runs.log`;
  const script = rig.file("check.sh", `${note}\ngrep -q x b.txt && grep -q x c.txt && exit 1; exit 0\n`);
  const culprit_search = { parallel: 1 };
  rig.configure({ checks: { apart: { command: ["sh", script] } }, validate: ["apart"], culprit_search });
  rig.script(SCRIPT);
  return rig;
}

const KILLED_AT: [string, RegExp][] = [
  ["after the combination failed", /check apart FAILED/],
  ["in the middle of the search", /check apart started on \d of 4 tasks/],
  ["when the culprit has been found", /c breaks apart together with b/],
  ["while the culprit tries again", /c started \(attempt 2\)/],
];

describe("kill -9 of the train", () => {
  test.each(few(1, KILLED_AT))("%s: resume ends as an undisturbed run does", async (_, point) => {
    await using rig = await clashing();
    const run = rig.startRun(rig.tasks(...IDS.map((id) => ({ id }))));
    const runId = await run.runId();
    await run.says(point);
    run.kill("SIGKILL");
    await run.done;
    const resumed = rig.resume(runId);
    for (const attempt of [2, 3]) void rig.control.held("c", attempt).then((held) => held.release());
    const { code, report } = await resumed;
    expect(code).toBe(0);
    expect(IDS.map((id) => rig.show(report.commit, `${id}.txt`))).toEqual(["a\nx\n", "b\nx\n", "c\ny\n", "d\nx\n"]);
    const merged = rig.git("log", "--format=%(trailers:key=Forkjoin-Task,valueonly)", `main..${report.commit}`);
    expect(
      merged
        .split("\n")
        .filter((line) => line !== "")
        .sort(),
    ).toEqual(IDS);
    expect(report.validation.culprits).toMatchObject([{ task_id: "c", with: ["b"], repaired: true }]);
    expect(rig.startedAgents.filter((line) => /^[abd] /.test(line)).sort()).toEqual(["a 1", "b 1", "d 1"]);
    const states = readFileSync(`${rig.folder}/runs.log`, "utf8").trim().split("\n");
    const most = Math.max(...states.map((state) => states.filter((other) => other === state).length));
    expect(most).toBeLessThanOrEqual(4);
    rig.expectNothingLeft();
  });
});
