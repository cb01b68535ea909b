/** A real coding agent, pinned, driven by a scripted model on loopback, through the real command line. */
import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Project } from "../rig/agents/project.ts";
import { codexEnvironment, FILES, play, TASKS } from "../rig/agents/scripted-codex.ts";
import { MODEL_USAGE, ScriptedModel } from "../rig/agents/scripted-model.ts";
import { seldom } from "../rig/extent.ts";
import { SANDBOX } from "../rig/sandbox.ts";

const CODEX = fileURLToPath(new URL("../../node_modules/.bin/codex", import.meta.url));
/** Codex has a binary for each system; where there is none these tests cannot run. */
function whyNot(): string | undefined {
  try {
    execFileSync(CODEX, ["--version"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `codex does not start here: ${error}`;
  }
}

const reason = whyNot();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

/** Its folder is used once before, as anybody's is: several that make the folder's database at the same moment fail. */
async function useCodex(project: Project, model: ScriptedModel, sandbox = "auto"): Promise<void> {
  Object.assign(project.env, codexEnvironment(project, model));
  const codex = { preset: "codex", env: ["SCRIPTED_KEY"], timeout: "1min" };
  project.configure({ agents: { codex }, default_agent: "codex", max_parallel: 4, sandbox });
  const env = { ...project.env, PATH: process.env.PATH, HOME: project.folder };
  const args = ["exec", "--skip-git-repo-check", "Say hello"];
  const hello = promisify(execFile)(CODEX, args, { cwd: project.folder, env });
  hello.child.stdin?.end();
  await hello.catch(() => undefined);
}

describe.skipIf(reason !== undefined)("a run with codex as the agent", () => {
  seldom("lands three tasks, and refuses the one whose model writes outside its scope, three times over", async () => {
    await using model = await ScriptedModel.start(play);
    using project = new Project(FILES);
    await useCodex(project, model, "off");
    const { code, report } = await project.run(TASKS);
    const results = Object.fromEntries(report.tasks.map((task) => [task.task_id, task]));
    expect(report.tasks.map(({ task_id, status, attempts }) => [task_id, status, attempts])).toEqual([
      ["price", "success", 1],
      ["name", "success", 1],
      ["docs", "success", 1],
      ["greedy", "failed", 3],
    ]);
    expect(results.greedy?.error).toMatchObject({
      code: "scope_violation",
      message: expect.stringContaining("README.md (modified outside the scope)"),
    });
    expect({ code, status: report.final_status }).toEqual({ code: 1, status: "partial" });

    const branch = report.branch ?? "";
    expect(project.show(branch, "src/price.js")).toBe("export const price = 2;\n");
    expect(project.show(branch, "src/name.js")).toBe('export const name = "shop";\n');
    expect(project.show(branch, "docs/use.md")).toBe("# Use\n");
    expect(project.show(branch, "README.md")).toBe("# Shop\n");
    expect(project.show(branch, "src/greedy.js")).toBeUndefined();
    expect(project.git("status", "--porcelain")).toBe("");

    const second = model.asked.filter((asked) => asked.task === "greedy" && asked.attempt === 2);
    expect(second.some((asked) => asked.text.includes("scope_violation"))).toBe(true);
    const kept = project.git("for-each-ref", "--format=%(refname)", `refs/forkjoin/${report.run_id}/rejected/greedy`);
    expect(kept.trim().split("\n")).toHaveLength(3);
  });

  test.skipIf(!SANDBOX.works)("cannot write outside its scope in the sandbox, and lands what is inside", async () => {
    await using model = await ScriptedModel.start(play);
    using project = new Project(FILES);
    await useCodex(project, model, "required");
    const { code, report } = await project.run(TASKS.slice(2));
    expect(report.tasks.map(({ task_id, status, boundary }) => [task_id, status, boundary])).toEqual([
      ["docs", "success", "sandboxed"],
      ["greedy", "success", "sandboxed"],
    ]);
    expect(code).toBe(0);
    expect(project.show(report.branch ?? "", "README.md")).toBe("# Shop\n");
    expect(project.show(report.branch ?? "", "src/greedy.js")).toBe("greedy 1\n");
  });

  seldom("puts the tokens codex reports on record, per task and in total", async () => {
    await using model = await ScriptedModel.start(play);
    using project = new Project(FILES);
    await useCodex(project, model);
    const { report } = await project.run(TASKS.slice(0, 2));
    const twice = { input_tokens: MODEL_USAGE.input_tokens * 2, output_tokens: MODEL_USAGE.output_tokens * 2 };
    expect(report.tasks.map((task) => task.usage)).toEqual([twice, twice]);
    expect(report.cost).toEqual({ input_tokens: 400, output_tokens: 80, attempts_unreported: 0 });
  });

  test("does not try again when the provider refuses the key", async () => {
    await using model = await ScriptedModel.start(() => ({ status: 401 }));
    using project = new Project(FILES);
    await useCodex(project, model);
    const { report } = await project.run(TASKS.slice(0, 1));
    expect(report.tasks[0]).toMatchObject({ status: "failed", attempts: 1, error: { code: "provider_rejected" } });
    expect(report.tasks[0]?.error?.message).toContain("401 Unauthorized");
  });
});
