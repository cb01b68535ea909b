/** Commands without a run id: the last run of the repository and worktree the user stands in, and nothing of any other. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { git } from "../rig/git.ts";
import { Rig } from "../rig/rig.ts";
import { append, run } from "../rig/steps.ts";

const SCRIPT = { a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")] };

function anotherRepository(rig: Rig): string {
  const other = join(rig.folder, "other");
  rig.git("clone", "--quiet", rig.repository, other);
  return other;
}

describe("land without a run id", () => {
  test("lands the last run of this repository, and a plan that was looked at is none", async () => {
    await using rig = await Rig.create();
    const other = anotherRepository(rig);
    rig.script(SCRIPT);
    const here = await rig.run(rig.tasks({ id: "a" }));
    await rig.run(rig.tasks({ id: "b" }), "--repo", other);
    await rig.cli(["plan", "--tasks", rig.tasks({ id: "b" }), ...rig.usual]);
    const listed = await rig.cli(["status", "--json"]);
    expect(listed.json.runs).toMatchObject([{ repository: other }, { repository: rig.repository }]);
    const landed = await rig.cli(["land", "--json", "--repo", rig.repository]);
    expect(landed).toMatchObject({ code: 0, json: { run_id: here.report.run_id, repository: rig.repository } });
    expect(git(other, "log", "-1", "--format=%s").trim()).toBe("Add files");
    rig.photograph();
    const nowhere = await rig.cli(["land", "--json"]);
    expect(nowhere).toMatchObject({ code: 2, failure: { code: "not_a_repository" } });
  });

  seldom("refuses another repository's run, and asks about another worktree's", async () => {
    await using rig = await Rig.create();
    const other = anotherRepository(rig);
    const linked = join(rig.folder, "linked");
    rig.git("worktree", "add", "--quiet", "-b", "side", linked);
    rig.photograph();
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    const elsewhere = await rig.cli(["land", report.run_id, "--json", "--repo", other]);
    expect(elsewhere).toMatchObject({
      code: 2,
      failure: { hint: `cd ${rig.repository} && forkjoin land ${report.run_id}` },
    });
    const unnamed = await rig.cli(["land", "--json", "--repo", linked]);
    expect(unnamed).toMatchObject({
      code: 2,
      failure: { code: "unknown_run", hint: expect.stringContaining(report.run_id) },
    });
    const named = await rig.cli(["land", report.run_id, "--json", "--repo", linked]);
    expect(named).toMatchObject({ code: 2, failure: { message: expect.stringContaining(rig.repository) } });
    rig.expectCheckoutUntouched();
    const yes = await rig.cli(["land", report.run_id, "--json", "--yes", "--repo", linked]);
    expect(yes).toMatchObject({ code: 0, json: { into: "side", repository: linked } });
    expect(git(linked, "show", "side:a.txt")).toBe("a\nx\n");
    rig.photograph();
  });

  seldom("asks before it lands what is incomplete, or on no branch", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, b: [run("false")] });
    const { report } = await rig.run(rig.tasks({ id: "a" }, { id: "b" }));
    expect(report.final_status).toBe("partial");
    const refused = await rig.cli(["land", "--json", "--repo", rig.repository]);
    expect(refused).toMatchObject({ code: 2, failure: { message: expect.stringContaining("b (failed)") } });
    rig.git("checkout", "--quiet", "--detach");
    rig.photograph();
    const detached = await rig.cli(["land", "--json", "--repo", rig.repository]);
    expect(detached.code).toBe(2);
    rig.git("checkout", "--quiet", "main");
    const landed = await rig.cli(["land", "--json", "--yes", "--repo", rig.repository]);
    expect(landed).toMatchObject({ code: 0, json: { missing: ["b (failed)"] } });
    rig.photograph();
  });
});

describe("report, pause, cancel, resume and resolve without a run id", () => {
  seldom("are about the last run here, and refuse where there is none", async () => {
    await using rig = await Rig.create();
    const empty = join(rig.folder, "empty");
    mkdirSync(empty);
    git(empty, "init", "--quiet");
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    const shown = await rig.cli(["report", "--json", "--repo", rig.repository]);
    expect(shown.report.run_id).toBe(report.run_id);
    for (const command of ["report", "pause", "cancel", "resume", "resolve"]) {
      const none = await rig.cli([command, "--json", "--repo", empty]);
      expect(none).toMatchObject({ code: 2, failure: { code: "unknown_run" } });
    }
  });
});
