/** A real agent that speaks the Agent Client Protocol, driven by a scripted model on loopback, through the real command line. */
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/adapters/process/find-program.ts";
import { Project } from "../rig/agents/project.ts";
import { codexEnvironment, FILES, play, TASKS } from "../rig/agents/scripted-codex.ts";
import { ScriptedModel } from "../rig/agents/scripted-model.ts";
import { SANDBOX } from "../rig/sandbox.ts";

const PROGRAM = await findProgram("codex-acp");
const CURE = "npm install --global @agentclientprotocol/codex-acp@2.6.0";
if (PROGRAM === undefined) console.warn(`skipped: codex-acp is not on PATH (${CURE})`);

/** One at a time: several that make the database of a new settings folder at the same moment fail. */
function useCodex(project: Project, model: ScriptedModel, { sandbox, mode }: { sandbox: string; mode: string }): void {
  const env = codexEnvironment(project, model);
  const codex = { acp: [PROGRAM], env, mode, timeout: "1min" };
  project.configure({ agents: { codex }, default_agent: "codex", max_parallel: 1, sandbox });
}

describe.skipIf(PROGRAM === undefined)("a run with codex-acp as the agent", () => {
  test("lands three tasks, and refuses the one whose model writes outside its scope, three times over", async () => {
    await using model = await ScriptedModel.start(play);
    using project = new Project(FILES);
    useCodex(project, model, { sandbox: "off", mode: "workspace-write" });
    const { code, report } = await project.run(TASKS);
    expect(report.tasks.map(({ task_id, status, attempts }) => [task_id, status, attempts])).toEqual([
      ["price", "success", 1],
      ["name", "success", 1],
      ["docs", "success", 1],
      ["greedy", "failed", 3],
    ]);
    expect(report.tasks[3]?.error?.code).toBe("scope_violation");
    expect(report.tasks[0]?.usage).toEqual({ input_tokens: 200, output_tokens: 40 });
    expect(code).toBe(1);
    const branch = report.branch ?? "";
    expect(project.show(branch, "src/price.js")).toBe("export const price = 2;\n");
    expect(project.show(branch, "docs/use.md")).toBe("# Use\n");
    expect(project.show(branch, "README.md")).toBe("# Shop\n");
  });

  test.skipIf(!SANDBOX.works)("cannot write outside its scope in the sandbox, and lands what is inside", async () => {
    await using model = await ScriptedModel.start(play);
    using project = new Project(FILES);
    useCodex(project, model, { sandbox: "required", mode: "agent-full-access" });
    const { code, report } = await project.run(TASKS.slice(3));
    expect(report.tasks[0]).toMatchObject({ status: "success", attempts: 1, boundary: "sandboxed" });
    expect(code).toBe(0);
    expect(project.show(report.branch ?? "", "src/greedy.js")).toBe("greedy 1\n");
    expect(project.show(report.branch ?? "", "README.md")).toBe("# Shop\n");
  });
});
