/** A real agent that speaks the Agent Client Protocol, driven by a scripted model on loopback, through the real command line. */
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/adapters/process/find-program.ts";
import { Project } from "../rig/agents/project.ts";
import { type Move, ScriptedModel } from "../rig/agents/scripted-model.ts";
import { SANDBOX } from "../rig/sandbox.ts";

const PROGRAM = await findProgram("codex-acp");
const CURE = "npm install --global @agentclientprotocol/codex-acp@2.6.0";
if (PROGRAM === undefined) console.warn(`skipped: codex-acp is not on PATH (${CURE})`);

const TASKS = [
  { id: "price", description: "Set the price to 2", files: ["src/price.js"] },
  { id: "name", description: "Set the name to shop", files: ["src/name.js"] },
  { id: "docs", description: "Write docs/use.md", files: ["docs/**"], category: "documentation" },
  { id: "greedy", description: "Write src/greedy.js", files: ["src/greedy.js"] },
];

function play({ task, step }: { task: string; step: number }): Move {
  if (step > 0) return { say: "Done." };
  switch (task) {
    case "price":
      return { run: "printf 'export const price = 2;\\n' > src/price.js" };
    case "name":
      return { run: "printf 'export const name = \"shop\";\\n' > src/name.js" };
    case "docs":
      return { run: "mkdir -p docs && printf '# Use\\n' > docs/use.md" };
    default:
      return { run: "printf 'greedy\\n' > src/greedy.js; printf x >> README.md" };
  }
}

/** One at a time: several that make the database of a new settings folder at the same moment fail. */
function useCodex(project: Project, model: ScriptedModel, { sandbox, mode }: { sandbox: string; mode: string }): void {
  const settings = project.file(
    "codex-home/config.toml",
    [
      ...['model = "scripted"', 'model_provider = "scripted"', "[model_providers.scripted]", 'name = "Scripted"'],
      ...[`base_url = "${model.url}"`, 'env_key = "SCRIPTED_KEY"', 'wire_api = "responses"'],
      ...["request_max_retries = 0", "stream_max_retries = 0"],
    ].join("\n"),
  );
  const env = { CODEX_HOME: settings.replace(/\/config\.toml$/, ""), SCRIPTED_KEY: "dummy-key-0123456789" };
  const codex = { acp: [PROGRAM], env, mode, timeout: "1min" };
  project.configure({ agents: { codex }, default_agent: "codex", max_parallel: 1, sandbox });
}

const FILES = { "README.md": "# Shop\n", "src/price.js": "1\n", "src/name.js": "1\n" };

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
    expect(project.show(report.branch ?? "", "src/greedy.js")).toBe("greedy\n");
    expect(project.show(report.branch ?? "", "README.md")).toBe("# Shop\n");
  });
});
