/** An agent that speaks the Agent Client Protocol, as a real process under the real command line, asked and answered while it works. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Project } from "../rig/agents/project.ts";
import { seldom } from "../rig/extent.ts";
import { SANDBOX } from "../rig/sandbox.ts";

const AGENT = fileURLToPath(new URL("../rig/agents/acp-agent.mjs", import.meta.url));
const FILES = { "README.md": "# Shop\n", "src/price.js": "1\n", "src/name.js": "1\n" };

function useAgent(project: Project, script: Record<string, unknown>, sandbox: "off" | "required" = "off"): void {
  project.file("record.jsonl", "");
  const env = { ACP_SCRIPT: project.file("script.json", JSON.stringify(script)), ACP_RECORD: recordOf(project) };
  const scripted = { acp: [process.execPath, AGENT], env, timeout: "1min" };
  project.configure({
    sandbox,
    agents: { scripted },
    default_agent: "scripted",
    max_parallel: 4,
  });
}

function recordOf(project: Project): string {
  return join(project.folder, "record.jsonl");
}

function recorded(project: Project): Record<string, unknown>[] {
  const lines = readFileSync(recordOf(project), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

test("four tasks at once: three land, the fourth goes past its client and is refused by what is on disk", async () => {
  using project = new Project(FILES);
  useAgent(project, {
    price: { steps: [{ do: "write", path: "src/price.js", text: "2\n" }] },
    name: { steps: [{ do: "ask", kind: "edit", path: "src/name.js", text: "shop\n" }] },
    docs: {
      steps: [
        { do: "write", path: "docs/a/b.md", text: "# Use\n" },
        { do: "cost", usd: 0.25 },
      ],
    },
    greedy: {
      steps: [
        { do: "write", path: "README.md", text: "mine\n" },
        { do: "direct", path: "README.md", text: "mine\n" },
      ],
    },
  });
  const { code, report } = await project.run([
    { id: "price", description: "Set the price", files: ["src/price.js"] },
    { id: "name", description: "Set the name", files: ["src/name.js"] },
    { id: "docs", description: "Write the docs", files: ["docs/**"], category: "documentation" },
    { id: "greedy", description: "Write greedy", files: ["src/greedy.js"] },
  ]);
  expect(report.tasks.map(({ task_id, status, attempts }) => [task_id, status, attempts])).toEqual([
    ["price", "success", 1],
    ["name", "success", 1],
    ["docs", "success", 1],
    ["greedy", "failed", 3],
  ]);
  expect(report.tasks[3]?.error?.code).toBe("scope_violation");
  expect(code).toBe(1);
  const branch = report.branch ?? "";
  expect(project.show(branch, "src/price.js")).toBe("2\n");
  expect(project.show(branch, "src/name.js")).toBe("shop\n");
  expect(project.show(branch, "docs/a/b.md")).toBe("# Use\n");
  expect(project.show(branch, "README.md")).toBe("# Shop\n");
  expect(report.tasks[2]?.usage).toEqual({ input_tokens: 75, output_tokens: 30, cost_usd: 0.25 });
  expect(report.cost).toEqual({ input_tokens: 450, output_tokens: 180, cost_usd: 0.25, attempts_unreported: 0 });
  const refused = recorded(project).filter((entry) => "refused" in entry);
  expect(refused[0]?.why).toContain("outside the task's scope");
});

test.skipIf(!SANDBOX.works)(
  "in the sandbox one that writes without asking is stopped as it writes; what it may write lands",
  async () => {
    using project = new Project(FILES);
    const past = [
      { do: "write", path: "README.md", text: "mine\n" },
      { do: "direct", path: "README.md", text: "mine\n" },
    ];
    const steps = [
      { do: "ask", kind: "execute" },
      { do: "write", path: "src/price.js", text: "2\n" },
      { do: "direct", path: "src/new.js", text: "3\n" },
    ];
    useAgent(project, { price: { steps }, greedy: { steps: past } }, "required");
    const { report } = await project.run([
      { id: "price", description: "Set the price", files: ["src/price.js", "src/new.js"] },
      { id: "greedy", description: "Write greedy", files: ["src/greedy.js"] },
    ]);
    expect(report.tasks.map(({ status, boundary }) => [status, boundary])).toEqual([
      ["success", "sandboxed"],
      ["failed", "sandboxed"],
    ]);
    expect(report.tasks[1]?.error).toMatchObject({
      code: "scope_violation",
      message: expect.stringMatching(/^the sandbox refused .* read-only file system/i),
    });
    expect(["src/price.js", "src/new.js"].map((path) => project.show(report.branch ?? "", path))).toEqual([
      "2\n",
      "3\n",
    ]);
    const heard = recorded(project);
    expect(heard).toContainEqual({ asked: "execute", answer: "allow_once" });
    expect(heard.find((entry) => "refused" in entry)?.why).toContain("outside the task's scope");
    expect(heard.flatMap((entry) => entry.prompt ?? [])).toContainEqual(expect.stringContaining("scope_violation"));
  },
);

seldom("what was refused while it worked is told to the next attempt", async () => {
  using project = new Project(FILES);
  useAgent(project, { price: { steps: [{ do: "ask", kind: "execute" }] } });
  const { report } = await project.run([{ id: "price", description: "Set the price", files: ["src/price.js"] }]);
  expect(report.tasks[0]?.error?.code).toBe("no_changes");
  const prompts = recorded(project).flatMap((entry) => entry.prompt ?? []);
  expect(prompts[0]).not.toContain("refused while it worked");
  expect(prompts[1]).toContain("refused while it worked: execute: execute is not allowed here");
});

test("it is listed with its version, and does the handshake when asked whether it starts", async () => {
  using project = new Project(FILES);
  useAgent(project, {});
  const { stdout, code } = await project.cli("agents", "--json");
  const { agents } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(agents[0]).toMatchObject({ name: "scripted", kind: "acp", available: true, starts: true, version: "1.2.3" });
});

test("one that dies at once is listed as not starting", async () => {
  using project = new Project(FILES);
  useAgent(project, { dies: true });
  const { agents } = JSON.parse((await project.cli("agents", "--json")).stdout);
  expect(agents[0]).toMatchObject({ name: "scripted", installed: true, available: false, starts: false });
});
