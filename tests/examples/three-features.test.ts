/** The example in examples/three-features, run as its README says. */
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { seldom } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/three-features/${name}`, import.meta.url));

seldom(
  "three features are researched, planned, built, met, verified and documented, each on its branch too",
  {
    timeout: 300_000,
  },
  async () => {
    await using rig = await Rig.create({ files: { "features/base.cjs": "" } });
    const files = ["--tasks", example("orchestration.yaml"), "--config", example("config.yaml")];
    const { code, report } = await rig.cli(["run", ...files, "--repo", rig.repository, "--json"]);
    expect(code).toBe(0);
    expect(report).toMatchObject({ final_status: "success", tasks_total: 15, validation: { passed: true } });
    expect(
      report.instances?.map(({ id, status, branch }) => [id, status, branch?.split("/").slice(-2).join("/")]),
    ).toEqual([
      ["dark-mode", "success", "feature/dark-mode"],
      ["notifications", "success", "feature/notifications"],
      ["export", "success", "feature/export"],
    ]);
    expect(rig.show(report.branch ?? "", "docs/export.md")).toContain("# export");
    rig.expectNothingLeft();
  },
);
