/** Repositories as people have them: bare, shallow, linked, in odd places, with odd settings. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seldom } from "../rig/extent.ts";
import { git } from "../rig/git.ts";
import { Rig } from "../rig/rig.ts";
import { append, hold, run, write } from "../rig/steps.ts";

const WORK = { a: [append("a.txt", "x\n")] };

describe("a run works in", () => {
  test("a repository whose path has spaces, quotes and letters of other scripts", async () => {
    await using rig = await Rig.create({ name: "my répo 漢字 'q' #1" });
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(rig.show(report.commit, "a.txt")).toBe("a\nx\n");
  });

  test("a repository of the sha256 format", async () => {
    await using rig = await Rig.create({ init: ["--object-format=sha256"], config: { same_file: "optimistic" } });
    rig.script({ a: [write("a.txt", "A\n")], b: [write("a.txt", "B\n"), write("new/b", "B\n")] });
    const tasks = rig.tasks({ id: "a", files: ["a.txt"] }, { id: "b", files: ["a.txt", "new/**"] });
    const { code, report } = await rig.run(tasks, "--strategy", "last_wins");
    expect(code).toBe(0);
    expect(report.commit).toHaveLength(64);
    expect(rig.show(report.commit, "a.txt")).toBe("B\n");
  });

  test("a bare repository", async () => {
    await using rig = await Rig.create();
    const bare = join(rig.folder, "bare.git");
    rig.git("clone", "--quiet", "--bare", rig.repository, bare);
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }), "--repo", bare);
    expect(code).toBe(0);
    expect(git(bare, "show", `forkjoin/${report.run_id}:a.txt`)).toBe("a\nx\n");
    const land = await rig.cli(["land", report.run_id, "--json"]);
    expect(land).toMatchObject({ code: 1, failure: { message: expect.stringContaining("is bare") } });
  });

  seldom("a shallow clone", async () => {
    await using rig = await Rig.create();
    const shallow = join(rig.folder, "shallow");
    rig.git("clone", "--quiet", "--depth", "1", `file://${rig.repository}`, shallow);
    rig.script({ a: [append("a.txt", "x\n"), run("git", "log")], b: [append("a.txt", "y\n")] });
    const tasks = rig.tasks({ id: "a" }, { id: "b", files: ["a.txt"], depends_on: ["a"] });
    const { code, report } = await rig.run(tasks, "--repo", shallow);
    expect(code).toBe(0);
    expect(git(shallow, "show", `${report.commit}:a.txt`)).toBe("a\nx\ny\n");
  });

  seldom("a linked worktree, from its own HEAD", async () => {
    await using rig = await Rig.create();
    const linked = join(rig.folder, "linked");
    rig.git("worktree", "add", "--quiet", "-b", "side", linked);
    git(linked, "commit", "--quiet", "--allow-empty", "--message", "On the side");
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }), "--repo", linked);
    expect(code).toBe(0);
    expect(git(linked, "log", "-1", "--format=%s", `${report.commit}^`).trim()).toBe("On the side");
    rig.photograph();
    expect((await rig.cli(["land", report.run_id])).code).toBe(0);
    expect(git(linked, "rev-parse", "side").trim()).toBe(report.commit);
    rig.photograph();
  });

  seldom("a folder below the top of a repository", async () => {
    await using rig = await Rig.create({ files: { "a.txt": "a\n", "deep/b.txt": "b\n" } });
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }), "--repo", join(rig.repository, "deep"));
    expect(code).toBe(0);
    expect(rig.show(report.commit, "a.txt")).toBe("a\nx\n");
  });

  test("a repository with core.autocrlf, whose agents see CRLF and whose commits have LF", async () => {
    await using rig = await Rig.create();
    rig.git("config", "core.autocrlf", "true");
    rig.script({ a: [run("sh", "-c", "tr -d '\\n' < a.txt > c.txt && printf 'x\\r\\n' >> a.txt")] });
    const { code, report } = await rig.run(rig.tasks({ id: "a", files: ["a.txt", "c.txt"] }));
    expect(code).toBe(0);
    expect(report.tasks[0]?.result?.files).toEqual(["a.txt", "c.txt"]);
    expect(rig.show(report.commit, "a.txt")).toBe("a\nx\n");
    expect(rig.show(report.commit, "c.txt")).toBe("a\r");
  });

  seldom("a repository without user.name, as Forkjoin itself", async () => {
    await using rig = await Rig.create();
    rig.git("config", "--unset", "user.name");
    rig.git("config", "--unset", "user.email");
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(rig.git("log", "-1", "--format=%an <%ae>", report.commit).trim()).toBe("Forkjoin <forkjoin@localhost>");
  });

  seldom("a repository with submodules and git-lfs files outside every scope", async () => {
    await using rig = await Rig.create();
    rig.commit({ ".gitattributes": "*.psd filter=lfs\n", "big.psd": "version lfs\n" }, "Add art");
    rig.git("update-index", "--add", "--cacheinfo", `160000,${rig.git("rev-parse", "HEAD").trim()},lib`);
    rig.git("commit", "--quiet", "--message", "Add a submodule");
    rig.script(WORK);
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(rig.git("diff", "--name-only", "main", report.commit).trim()).toBe("a.txt");
  });

  test("a repository the user goes on working in", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [hold, append("a.txt", "x\n")] });
    const started = rig.startRun(rig.tasks({ id: "a" }));
    const agent = await rig.control.held("a");
    const mine = rig.commit({ "mine.txt": "mine\n" }, "Mine");
    rig.photograph();
    agent.release();
    const { code, report } = await started.done;
    expect(code).toBe(0);
    expect(rig.git("merge-base", report.commit, mine).trim()).toBe(rig.git("rev-parse", "main~1").trim());
  });
});
