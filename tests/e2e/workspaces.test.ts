/** What a task finds in its workspace besides the repository: setup, copied files, a clean environment. */
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLONES } from "../rig/clones.ts";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { SANDBOX } from "../rig/sandbox.ts";
import { append, hold, print, run, type Step } from "../rig/steps.ts";

const sh = (script: string): string[] => ["sh", "-c", script];

describe("setup", () => {
  test("runs in each fresh workspace, and what it changes is not the task's", async () => {
    const config = { setup: [sh("echo generated > made.txt"), sh("echo changed >> b.txt")] };
    await using rig = await Rig.create({ config });
    rig.script({ a: [run(...sh("cat made.txt b.txt >> a.txt"))] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(rig.git("diff", "--name-only", "main", report.commit).trim()).toBe("a.txt");
    expect(rig.show(report.commit, "a.txt")).toBe("a\ngenerated\nb\nchanged\n");
  });

  seldom("runs before validation, too", async () => {
    const checks = { test: { command: ["test", "-f", "made.txt"] } };
    await using rig = await Rig.create({ config: { setup: [sh("echo x > made.txt")], checks, validate: ["test"] } });
    rig.script({ a: [append("a.txt", "x\n")] });
    expect((await rig.run(rig.tasks({ id: "a" }))).code).toBe(0);
  });

  seldom("that fails is the attempt's failure, with what it said", async () => {
    await using rig = await Rig.create({ config: { setup: [sh("echo no network; exit 4")] } });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(1);
    expect(report.tasks[0]?.error).toMatchObject({
      code: "setup_failed",
      message: expect.stringContaining("no network"),
    });
    expect(rig.startedAgents).toEqual([]);
    rig.expectNothingLeft();
  });
});

describe("packages that setup installs", () => {
  const files = {
    ".gitignore": "node_modules\n",
    "package.json": '{ "name": "shop" }\n',
    "package-lock.json": "{}\n",
    ...{ "a.txt": "", "b.txt": "", "c.txt": "", "README.md": "# Shop\n" },
  };
  /** Stands for npm: no two installations are alike. */
  const NPM = "#!/bin/sh\nmkdir -p node_modules/lib && date +%s%N > node_modules/lib/index.js\n";
  const LIB = "node_modules/lib/index.js";

  test.skipIf(!SANDBOX.works || CLONES)(
    "are the same files in every workspace, held by the sandbox; a task with the lock file has its own",
    async () => {
      const checks = { whole: { command: sh(`! echo bad > ${LIB} && cat ${LIB} && echo x > node_modules/.vite/x`) } };
      await using rig = await Rig.create({ files, config: { setup: [["npm", "ci"]], checks, validate: ["whole"] } });
      rig.file("bin/npm", NPM, 0o755);
      rig.env.PATH = `${join(rig.folder, "bin")}${delimiter}${process.env.PATH}`;
      const look = (file: string, ...more: Step[]): Step[] => [run(...sh(`cat ${LIB} > ${file}`)), ...more];
      const cache = sh("echo x > node_modules/.cache/x && echo cached >> a.txt");
      const write = (file: string): Step =>
        run(...sh(`echo mine > ${LIB} && echo written >> ${file} || echo held >> ${file}`));
      rig.script({
        a: look(
          "a.txt",
          write("a.txt"),
          run(...cache),
          run(...sh(`rm -r node_modules; mv node_modules x; cat ${LIB} >> a.txt`)),
        ),
        b: look("b.txt"),
        c: look("c.txt", write("c.txt")),
      });
      const own = { id: "c", files: ["c.txt", "package-lock.json"] };
      const { code, report } = await rig.run(rig.tasks({ id: "a" }, { id: "b", checks: ["whole"] }, own));
      expect(report.tasks.map(({ status, boundary }) => [status, boundary])).toEqual(
        Array(3).fill(["success", "sandboxed"]),
      );
      expect(code).toBe(0);
      const [a, b, c] = ["a.txt", "b.txt", "c.txt"].map((path) => rig.show(report.commit, path) ?? "");
      expect(a).toBe(`${b}held\ncached\n${b}`);
      expect(c?.endsWith("\nwritten\n")).toBe(true);
      expect(c?.startsWith(b ?? "")).toBe(false);
      expect(rig.briefOf("a", 1)).toContain("What the project needs is installed");
    },
  );

  test.skipIf(CLONES)(
    "without a sandbox, one that was written into is told to those who had it, and is not used again",
    async () => {
      await using rig = await Rig.create({ files, config: { setup: [["npm", "ci"]], sandbox: "off" } });
      rig.file("bin/npm", NPM, 0o755);
      rig.env.PATH = `${join(rig.folder, "bin")}${delimiter}${process.env.PATH}`;
      rig.script({
        a: [hold, run(...sh(`chmod +w ${LIB}; echo evil > ${LIB}`)), hold, append("a.txt", "x\n")],
        b: [hold, append("b.txt", "x\n")],
        c: [run(...sh(`cat ${LIB} > c.txt`))],
      });
      const started = rig.startRun(rig.tasks({ id: "a" }, { id: "b" }, { id: "c", depends_on: ["a"] }));
      const [a, b] = await rig.control.all("a", "b");
      a?.release();
      const again = await rig.control.held("a");
      b?.release();
      again.release();
      const { report } = await started.done;
      const told = expect.stringMatching(/^installed files .* were written into .*: node_modules\/lib\/index.js$/);
      expect(report.tasks.map(({ status, notes }) => [status, notes])).toEqual([
        ["success", [told]],
        ["success", [told]],
        ["success", undefined],
      ]);
      expect(rig.show(report.commit, "c.txt")).toMatch(/^\d+\n$/);
    },
  );
});

describe("copy", () => {
  test("takes ignored files and folders along, which stay ignored; what is missing or leads out is left out", async () => {
    const config = { copy: [".env", "secrets", "missing", "link"] };
    await using rig = await Rig.create({ files: { "a.txt": "a\n", ".gitignore": ".env\nsecrets/\nlink\n" }, config });
    rig.place(".env", "KEY=1\n");
    mkdirSync(join(rig.repository, "secrets"));
    rig.place("secrets/one", "two\n");
    symlinkSync("/etc/passwd", join(rig.repository, "link"));
    rig.script({ a: [run(...sh("cat .env secrets/one >> a.txt; ls >> a.txt; echo more >> .env"))] });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(0);
    expect(report.tasks[0]?.result?.files).toEqual(["a.txt"]);
    expect(rig.show(report.commit, "a.txt")).toBe("a\nKEY=1\ntwo\nREADME.md\na.txt\nsecrets\n");
  });
});

describe("the environment of an agent", () => {
  test("is an allow-list, with a HOME and TMPDIR of its own, what is named, and the task's own variables", async () => {
    await using rig = await Rig.create();
    rig.env.SECRET_TOKEN = "hunter2hunter2";
    rig.env.MY_API_KEY = "key";
    rig.configure({ agents: { plain: { command: sh("env > a.txt"), env: ["MY_API_KEY"] } }, default_agent: "plain" });
    const { report } = await rig.run(rig.tasks({ id: "a" }));
    const lines = (rig.show(report.commit, "a.txt") ?? "").split("\n");
    const found = Object.fromEntries(lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]));
    expect(found).not.toHaveProperty("SECRET_TOKEN");
    expect(found).not.toHaveProperty("FORKJOIN_HOME");
    expect(found).toMatchObject({
      MY_API_KEY: "key",
      FORKJOIN_RUN_ID: report.run_id,
      FORKJOIN_TASK_ID: "a",
      FORKJOIN_ATTEMPT: "1",
      FORKJOIN_WORKTREE: found.FORKJOIN_WORKSPACE,
    });
    for (const own of ["HOME", "TMPDIR", "FORKJOIN_WORKSPACE", "FORKJOIN_BRIEF_FILE"]) {
      expect(found[own]).toContain(join(rig.home, "workspaces", report.run_id, "a"));
    }
  });

  seldom("fills the placeholders of the command, whatever the description says", async () => {
    await using rig = await Rig.create();
    const command = ["sh", "-c", 'printf "%s\\n" "$1" "$2" > a.txt; head -1 "$3" >> a.txt', "agent"];
    const agent = { command: [...command, "{task_id}", "{brief}", "{brief_file}"] };
    rig.configure({ agents: { plain: agent }, default_agent: "plain" });
    const description = 'Say "$(whoami)" and {workspace}; `id`';
    const { code, report } = await rig.run(rig.tasks({ id: "a", description }));
    expect(code).toBe(0);
    const text = rig.show(report.commit, "a.txt") ?? "";
    expect(text).toMatch(/^a\n# Task a\n/);
    expect(text).toContain(description);
  });

  test("an agent that cannot be started after all fails its task at once, not the run", async () => {
    await using rig = await Rig.create();
    const plain = { command: ["true"], env: { UNSTARTABLE: "a \0 in a value" } };
    rig.configure({ agents: { plain }, default_agent: "plain" });
    const { code, report } = await rig.run(rig.tasks({ id: "a" }));
    expect(code).toBe(1);
    expect(report.tasks[0]).toMatchObject({ status: "failed", attempts: 1, error: { code: "agent_unavailable" } });
  });

  seldom("what it prints is in its log, cut short in messages, and cannot move the cursor", async () => {
    await using rig = await Rig.create();
    rig.script({ a: [print("\u001b[2Jone\nlast words"), { do: "exit", code: 3 }] });
    const { report, stderr } = await rig.run(rig.tasks({ id: "a" }));
    expect(report.tasks[0]?.error?.message).toBe("the agent ended with exit code 3: one / last words");
    expect(stderr).not.toContain("\u001b");
  });
});
