/** The user's repository is collected and packed anew in the middle of a run, with no grace for what nothing needs. */
import { expect, test } from "vitest";
import { collectingGit } from "../rig/collecting-git.ts";
import { few } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { run, write } from "../rig/steps.ts";

const LINES = "123456789".split("");

/** An edit of one line of `both.txt`, leaving what others did. */
const line = (number: number, text: string) => run("sed", "-i", `${number}s/.*/${text}/`, "both.txt");

/** Two tasks that git merges in one file, two that do not go together, one that leaves its scope. */
async function contested(config: Record<string, unknown>): Promise<Rig> {
  const rig = await Rig.create({
    files: { "both.txt": LINES.map((text) => `${text}\n`).join(""), "c.txt": "c\n", "e.txt": "e\n" },
    config,
  });
  const check = ["sh", "-c", "! { grep -q x c.txt && grep -q x e.txt; }"];
  rig.configure({
    checks: { apart: { command: check } },
    validate: ["apart"],
    sandbox: "off",
    same_file: "optimistic",
  });
  rig.script({
    a: [line(1, "A")],
    b: [line(9, "B")],
    c: [write("c.txt", "x\n")],
    e: [write("e.txt", "x\n")],
    d: [write("other.txt", "d\n")],
  });
  rig.env.PATH = `${collectingGit(rig.folder, rig.repository, ["read-tree"])}:${process.env.PATH}`;
  return rig;
}

const TASKS = [
  { id: "a", files: ["both.txt"] },
  { id: "b", files: ["both.txt"] },
  { id: "c", files: ["c.txt"] },
  { id: "d", files: ["d.txt"] },
  { id: "e", files: ["e.txt"] },
];

test.each(few(1, [[{ mode: "streaming" }], [{}]]))(
  "a run loses nothing to a garbage collection before every ref it moves (%j)",
  async (config) => {
    await using rig = await contested(config);
    const { code, report } = await rig.run(rig.tasks(...TASKS), "--squash");
    expect({ code, status: report.final_status }).toEqual({ code: 1, status: "partial" });
    expect(report.validation.culprits).toMatchObject([{ task_id: "e", with: ["c"] }]);
    expect(rig.show(`forkjoin/${report.run_id}`, "both.txt")).toBe(["A", ...LINES.slice(1, -1), "B", ""].join("\n"));
    expect(rig.git("rev-list", "--count", `main..forkjoin/${report.run_id}`).trim()).toBe("1");
    expect(rig.ownRefs().filter((ref) => ref.includes("/rejected/d/"))).not.toEqual([]);
    rig.git("gc", "--prune=now", "--quiet");
    rig.git("fsck", "--strict");
  },
);
