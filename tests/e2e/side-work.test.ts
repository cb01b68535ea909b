/** What an attempt puts aside with git: no change, and yet not thrown away. */

import { describe, expect, test } from "vitest";
import { few } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, sh, write } from "../rig/steps.ts";

const USER = "-c user.name=a -c user.email=a@b";

describe.each(few(1, ["auto", "off"] as const))("with sandbox: %s", (sandbox) => {
  test("stashes and side branches of an attempt that changed nothing are kept and named", async () => {
    await using rig = await Rig.create({ config: { sandbox } });
    const aside = sh(
      `git ${USER} stash && echo two >> a.txt && git ${USER} stash && git checkout -qb "odd;name" && echo three >> a.txt && git ${USER} commit -qam x && git checkout -q forkjoin-a-1`,
    );
    rig.script({ a: [[append("a.txt", "one\n"), aside], [append("a.txt", "done\n")]] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 2 });
    expect(rig.briefOf("a", 2)).toContain("no_changes");
    const start = `refs/forkjoin/${report.run_id}/rejected/a/1`;
    const kept = [`${start}-branch-1`, `${start}-stash-2`, `${start}-stash-3`];
    for (const ref of kept) expect(report.tasks[0]?.notes?.join("\n")).toContain(ref);
    expect(kept.map((ref) => rig.show(ref, "a.txt"))).toEqual(["a\nthree\n", "a\ntwo\n", "a\none\n"]);
    rig.git("fsck", "--strict");
  });

  test("what is merged into the working tree's own branch is not told twice", async () => {
    await using rig = await Rig.create({ config: { sandbox } });
    rig.script({ a: [append("a.txt", "one\n"), sh(`git ${USER} commit -qam x && git branch backup`)] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 1 });
    expect(report.tasks[0]).not.toHaveProperty("notes");
  });

  test("an object under a false name is not kept, and harms nothing", async () => {
    await using rig = await Rig.create({ config: { sandbox } });
    const forged = sh(
      `echo y >> a.txt && git ${USER} stash && f=$(git rev-parse stash:a.txt) && g=$(echo evil | git hash-object -w --stdin) && ` +
        `rm -f .git/objects/$(echo $f | cut -c1-2)/$(echo $f | cut -c3-) && cp .git/objects/$(echo $g | cut -c1-2)/$(echo $g | cut -c3-) .git/objects/$(echo $f | cut -c1-2)/$(echo $f | cut -c3-)`,
    );
    rig.script({ a: [forged, write("a.txt", "done\n")] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 1 });
    expect(report.tasks[0]?.notes?.join("\n")).toContain("could not be kept");
    rig.git("fsck", "--strict");
  });

  test("a change that was committed and reverted to the base is none", async () => {
    await using rig = await Rig.create({ config: { sandbox } });
    rig.script({ a: [append("a.txt", "x\n"), sh(`git ${USER} commit -qam x && git ${USER} revert --no-edit HEAD`)] });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.tasks[0]).toMatchObject({ status: "failed", error: { code: "no_changes" } });
  });
});
