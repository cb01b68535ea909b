/** How a result is delivered: one commit per task or one in all, on a branch that moved meanwhile, as a pull request. */
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, write } from "../rig/steps.ts";

const BOTH = [{ id: "a" }, { id: "b" }];
const SCRIPT = { a: [append("a.txt", "x\n")], b: [append("b.txt", "x\n")] };
/** passes while not all three have an x */
const APART = { command: ["sh", "-c", "! { grep -q x a.txt && grep -q x b.txt && grep -q x c.txt; }"] };

const subjects = (rig: Rig, range: string): string[] =>
  rig.git("log", "--reverse", "--format=%s", range).trim().split("\n");
const trailers = (rig: Rig, commit: string, key: string): string[] =>
  rig.git("log", "-1", `--format=%(trailers:key=${key},valueonly)`, commit).trim().split("\n");

describe("--squash", () => {
  test("of run: the branch holds one commit with every task's trailer", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const { code, report } = await rig.run(rig.tasks(...BOTH), "--squash");
    expect(code).toBe(0);
    expect(subjects(rig, `main..forkjoin/${report.run_id}`)).toEqual(["Work"]);
    expect(trailers(rig, report.commit, "Forkjoin-Task")).toEqual(["a", "b"]);
    expect(trailers(rig, report.commit, "Forkjoin-Run")).toEqual([report.run_id]);
    expect(rig.show(report.commit, "b.txt")).toBe("b\nx\n");
  });

  test("of land: the checked-out branch gets one commit", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    const before = rig.git("rev-parse", "main").trim();
    expect((await rig.cli(["land", report.run_id, "--squash"])).code).toBe(0);
    expect(subjects(rig, `${before}..main`)).toEqual(["Work"]);
    expect(trailers(rig, "main", "Forkjoin-Task")).toEqual(["a", "b"]);
    expect(rig.git("status", "--porcelain")).toBe("");
    const again = await rig.cli(["land", report.run_id, "--squash"]);
    expect(again.code).toBe(0);
    expect(subjects(rig, `${before}..main`)).toEqual(["Work"]);
    rig.photograph();
  });

  seldom("of land, where both changed the same lines: the files are named, and the checkout is as it was", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    rig.commit({ "a.txt": "mine\n" }, "Move on");
    rig.photograph();
    const { code, failure } = await rig.cli(["land", report.run_id, "--squash", "--json"]);
    expect(code).toBe(1);
    expect(failure).toMatchObject({ code: "merge_conflict", message: expect.stringContaining("both changed a.txt") });
    rig.expectCheckoutUntouched();
  });
});

describe("--onto, when the user's branch moved", () => {
  seldom("integrates and tests anew on top of it, and lands as a fast-forward", async () => {
    await using rig = await Rig.create({ config: { checks: { apart: APART }, validate: ["apart"] } });
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    const moved = rig.commit({ "c.txt": "moved on\n" }, "Move on");
    const landed = await rig.cli(["land", report.run_id, "--onto", "main", "--json"]);
    expect(landed).toMatchObject({ code: 0, json: { into: "main", untested: false } });
    expect(subjects(rig, `${moved}..main`)).toEqual(["Do a", "Do b"]);
    expect(["a.txt", "b.txt", "c.txt"].map((path) => rig.show("main", path))).toEqual([
      "a\nx\n",
      "b\nx\n",
      "moved on\n",
    ]);
    const after = await rig.cli(["report", report.run_id, "--json"]);
    expect(after.report).toMatchObject({ onto: { ref: "main", commit: moved }, validation: { passed: true } });
    rig.photograph();
    const again = await rig.cli(["land", report.run_id, "--onto", "main", "--json"]);
    expect(again).toMatchObject({ code: 0, json: { into: "main", commit: rig.git("rev-parse", "main").trim() } });
    rig.expectCheckoutUntouched();
  });

  seldom("leaves out what does not pass there, though it passed where the run began", async () => {
    await using rig = await Rig.create({ config: { checks: { apart: APART }, validate: ["apart"] } });
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    expect(report.final_status).toBe("success");
    rig.commit({ "c.txt": "x\n" }, "Move on");
    rig.photograph();
    expect((await rig.cli(["land", report.run_id, "--onto", "main"])).code).toBe(0);
    expect(["a.txt", "b.txt", "c.txt"].map((path) => rig.show("main", path))).toEqual(["a\nx\n", "b\n", "x\n"]);
    const after = await rig.cli(["report", report.run_id, "--json"]);
    expect(after.report.validation.culprits).toMatchObject([{ task_id: "b", with: ["a"], repaired: false }]);
    rig.photograph();
  });

  seldom("asks a person about what clashes with the moved branch, and changes nothing until then", async () => {
    await using rig = await Rig.create();
    rig.script({ ...SCRIPT, a: [write("a.txt", "theirs\n")] });
    const { report } = await rig.run(rig.tasks(...BOTH));
    const moved = rig.commit({ "a.txt": "mine\n" }, "Move on");
    rig.photograph();
    const landed = await rig.cli(["land", report.run_id, "--onto", "main", "--json"]);
    expect(landed).toMatchObject({ code: 3, failure: { code: "merge_conflict" } });
    expect(landed.failure.message).toContain("a:a.txt");
    expect(rig.git("rev-parse", "main").trim()).toBe(moved);
  });

  seldom("of run: the results go on top of another branch than the one the agents started from", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const base = rig.git("rev-parse", "main").trim();
    const moved = rig.commit({ "c.txt": "moved on\n" }, "Move on");
    const { report } = await rig.run(rig.tasks(...BOTH), "--base", base, "--onto", "main");
    expect(subjects(rig, `${moved}..${report.commit}`)).toEqual(["Do a", "Do b"]);
    expect(rig.show(report.commit, "c.txt")).toBe("moved on\n");
  });

  test("refuses a ref that is none, before anything starts", async () => {
    await using rig = await Rig.create();
    const refused = await rig.run(rig.tasks(...BOTH), "--onto", "no-such");
    expect(refused).toMatchObject({ code: 2, failure: { code: "unknown_revision" } });
    expect(refused.failure.message).toContain("no-such");
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    const land = await rig.cli(["land", report.run_id, "--onto", "no-such", "--json"]);
    expect(land).toMatchObject({ code: 2, failure: { code: "unknown_revision" } });
  });
});

describe("land --pr", () => {
  /** A stand-in for GitHub's program, which notes what it was asked and answers as told. */
  function installGh(rig: Rig, answer: string): void {
    const lines = [`printf '%s\\n' "$@" >> ${rig.folder}/gh.log`, `cat >> ${rig.folder}/gh-body.md`, answer];
    rig.file("bin/gh", `#!/bin/sh\n${lines.join("\n")}\n`);
    chmodSync(join(rig.folder, "bin/gh"), 0o755);
    rig.env.PATH = `${rig.folder}/bin:${process.env.PATH}`;
  }

  test("pushes the branch and hands the report to gh as the text", async () => {
    await using rig = await Rig.create();
    installGh(rig, "echo https://example.org/pull/7");
    const remote = join(rig.folder, "remote.git");
    rig.git("init", "--quiet", "--bare", remote);
    rig.git("remote", "add", "origin", remote);
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH), "--base", "main");
    const sent = await rig.cli(["land", report.run_id, "--pr", "--json"]);
    expect(sent).toMatchObject({ code: 0, json: { pull_request: "https://example.org/pull/7" } });
    expect(rig.git("--git-dir", remote, "rev-parse", `forkjoin/${report.run_id}`).trim()).toBe(report.commit);
    const asked = readFileSync(join(rig.folder, "gh.log"), "utf8");
    expect(asked).toContain(
      `pr\ncreate\n--head\nforkjoin/${report.run_id}\n--base\nmain\n--title\nWork\n--body-file\n-\n`,
    );
    expect(readFileSync(join(rig.folder, "gh-body.md"), "utf8")).toContain(`# Run ${report.run_id}: success`);
    rig.photograph();
  });

  seldom("says what is missing: gh itself, a remote, or a login", async () => {
    await using rig = await Rig.create();
    rig.script(SCRIPT);
    const { report } = await rig.run(rig.tasks(...BOTH));
    const path = rig.file(
      "only/git",
      '#!/bin/sh\nexec /usr/bin/env -i PATH=/usr/bin:/bin HOME="$HOME" git "$@"\n',
      0o755,
    );
    rig.env.PATH = join(path, "..");
    const none = await rig.cli(["land", report.run_id, "--pr", "--json"]);
    expect(none).toMatchObject({ code: 1, failure: { code: "not_supported" } });
    expect(none.failure.message).toContain("needs the program gh");
    installGh(rig, "exit 0");
    const nowhere = await rig.cli(["land", report.run_id, "--pr", "--json"]);
    expect(nowhere.failure.message).toContain("no remote");
    rig.git("remote", "add", "origin", join(rig.folder, "nothing.git"));
    const unreachable = await rig.cli(["land", report.run_id, "--pr", "--json"]);
    expect(unreachable).toMatchObject({ code: 1, failure: { code: "git_failed" } });
    expect(existsSync(join(rig.folder, "gh-body.md"))).toBe(true);
    rig.photograph();
  });
});
