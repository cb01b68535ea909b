/** Workflows in folders: those that come with Forkjoin all read well, the operator's win, a broken one is named and hides no other. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { folderWorkflowSource } from "../../../src/adapters/workflow-source/folder-workflow-source.ts";

const SHIPPED = fileURLToPath(new URL("../../../workflows", import.meta.url));
const source = folderWorkflowSource([SHIPPED]);

const EXAMPLE = (id: string): string => `id: ${id}
name: example
description: x
phases:
  - { id: phase_1_look, name: Look, access: read_only, instructions: Look. }
`;

test.each(["201", "201_ADW_FEATURE_DEVELOPMENT", "201_adw_feature_development", "feature_development", " 201 "])(
  "%s names feature development",
  async (name) => {
    const found = await source.find(name);
    expect(found.ok && found.value.phases.map((phase) => phase.id)).toEqual([
      "phase_1_research",
      "phase_2_planning",
      "phase_3_execution",
      "phase_4_verification",
      "phase_5_documentation",
    ]);
  },
);

test("an unknown name lists what is known", async () => {
  expect(await source.find("203")).toMatchObject({
    ok: false,
    error: {
      code: "unknown_workflow",
      hint: expect.stringContaining("known: 100_ADW_DOC_SYNC_WORKFLOW (doc_sync), 201_ADW_FEATURE_DEVELOPMENT"),
    },
  });
});

test("the operator's folder: one of his own, one in place of a shipped one, and a broken one that is named when it is meant", async () => {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-workflows-"));
  const both = folderWorkflowSource([SHIPPED, folder]);
  writeFileSync(join(folder, "300-mine.yaml"), EXAMPLE("300_MINE"));
  writeFileSync(join(folder, "201.yaml"), EXAMPLE("201_ADW_FEATURE_DEVELOPMENT"));
  writeFileSync(join(folder, "400-broken.yaml"), "id: [\n");
  writeFileSync(join(folder, "500-wrong.yaml"), EXAMPLE("500_WRONG").replace("read_only", "root"));
  expect((await both.list()).map(({ workflow }) => workflow.id)).toEqual([
    "100_ADW_DOC_SYNC_WORKFLOW",
    "201_ADW_FEATURE_DEVELOPMENT",
    "202_ADW_BUG_FIXING",
    "300_MINE",
  ]);
  expect(await both.find("201")).toMatchObject({ ok: true, value: { name: "example" } });
  expect(await both.find("400")).toMatchObject({
    error: { code: "invalid_workflow", message: expect.stringContaining("400-broken.yaml is no YAML") },
  });
  expect(await both.find("500_WRONG")).toMatchObject({
    error: { message: expect.stringContaining("500-wrong.yaml: phases.0.access") },
  });
  rmSync(folder, { recursive: true });
});
