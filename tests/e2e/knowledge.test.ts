/** The commands around knowledge: a first graph, what does not resolve in it, and what a request would read. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KnowledgeContext } from "../../src/core/model/knowledge-context.ts";
import { Rig } from "../rig/rig.ts";

const FILES = {
  "README.md": "# Harbour\n",
  "AGENTS.md": "Run the tests.\n",
  "docs/testing.md": "# Testing\n",
};

describe("forkjoin knowledge", () => {
  test("init writes a graph that resolves, and never over another", async () => {
    await using rig = await Rig.create({ files: FILES });
    const place = ["--repo", rig.repository, "--config", rig.configFile];
    const first = await rig.cli(["knowledge", "init", ...place]);
    const file = join(rig.repository, "knowledge_graph.json");
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    expect((await rig.cli(["knowledge", "check", ...place])).code).toBe(0);
    const { stdout } = await rig.cli(["knowledge", "load", "Fix the bug", "--json", ...place]);
    expect(KnowledgeContext.parse(JSON.parse(stdout))).toMatchObject({
      task_detection: { detected_type: "bug_fixing" },
      knowledge: { status: "complete", required: [{ path: "AGENTS.md" }] },
    });
    const before = readFileSync(file, "utf8");
    const again = await rig.cli(["knowledge", "init", "--json", ...place]);
    expect(again).toMatchObject({ code: 2, failure: { message: `${file} is there already` } });
    expect(readFileSync(file, "utf8")).toBe(before);
    rmSync(file);
  });

  test("check names what does not resolve and ends with 1; without a graph it says how to get one", async () => {
    await using rig = await Rig.create({ files: FILES });
    const place = ["--repo", rig.repository, "--config", rig.configFile, "--json"];
    const none = await rig.cli(["knowledge", "check", ...place]);
    expect(none).toMatchObject({ code: 2, failure: { hint: "forkjoin knowledge init writes a first one" } });
    const graph = { task_types: { work: { required_knowledge: ["docs/gone.md"] } } };
    const file = join(rig.repository, "knowledge_graph.json");
    writeFileSync(file, JSON.stringify(graph));
    const checked = await rig.cli(["knowledge", "check", ...place]);
    expect(checked.code).toBe(1);
    expect(checked.json.findings).toEqual([
      { where: "task_types.work.required_knowledge[0]", problem: '"docs/gone.md" is in no knowledge root' },
    ]);
    rmSync(file);
  });
});
