/** What is no plain line of text lands and is accounted for all the same: binary files, CRLF, modes, links, moves, deletions, names of other scripts, a task that takes another back. */
import { expect, test } from "vitest";
import { git } from "../rig/git.ts";
import { Rig } from "../rig/rig.ts";
import { append, chmod, folder, remove, rename, sh, symlink, write } from "../rig/steps.ts";

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
const FILES = {
  "image.bin": Buffer.from([0, 1, 2, 255, 254, 0]),
  "windows.txt": "one\r\ntwo\r\nthree\r\n",
  "tool.sh": "#!/bin/sh\n",
  "moved.txt": LINES,
  "gone.txt": "gone\n",
  "ключ/日本.txt": "a\n",
  "taken.txt": "original\n",
  "link-target.txt": "target\n",
};

test("one run with all of them: every hunk is accounted for, and every tree entry is what its task left", async () => {
  await using rig = await Rig.create({ files: FILES, config: { same_file: "optimistic" } });
  const same = { allow_empty: true };
  rig.script({
    binary: [[sh("printf '\\000\\377\\000more' > image.bin")]],
    crlf: [[write("windows.txt", "one\r\nTWO\r\nthree\r\n")]],
    mode: [[chmod("tool.sh", 0o755)]],
    link: [[symlink("link", "link-target.txt")]],
    move: [[folder("elsewhere"), rename("moved.txt", "elsewhere/moved.txt")]],
    edit: [[append("moved.txt", "the last line\n")]],
    deletion: [[remove("gone.txt")]],
    unicode: [[append("ключ/日本.txt", "b\n"), write("ключ/größe 2.txt", "neu\n")]],
    empty: [[]],
    change: [[write("taken.txt", "changed\n")]],
    revert: [[write("taken.txt", "original\n")]],
  });
  const tasks = rig.tasks(
    { id: "binary", files: ["image.bin"] },
    { id: "crlf", files: ["windows.txt"] },
    { id: "mode", files: ["tool.sh"] },
    { id: "link", files: ["link"] },
    { id: "move", files: ["moved.txt", "elsewhere/moved.txt"] },
    { id: "edit", files: ["moved.txt"] },
    { id: "deletion", files: ["gone.txt"] },
    { id: "unicode", files: ["ключ/**"] },
    { id: "empty", files: ["nothing.txt"], category: "modification", ...same },
    { id: "change", files: ["taken.txt"] },
    { id: "revert", files: ["taken.txt"], depends_on: ["change"] },
  );
  const { code, report } = await rig.run(tasks, "--max-parallel", "8");
  const failed = report.tasks.filter((task) => task.status !== "success").map((task) => [task.task_id, task.error]);
  expect(failed).toEqual([]);
  expect({ code, status: report.final_status, dropped: report.loss.dropped }).toEqual({
    code: 0,
    status: "success",
    dropped: [],
  });
  expect(report.loss.accounted).toBe(report.loss.hunks);
  const listed = git(rig.repository, "-c", "core.quotePath=false", "ls-tree", "-r", `${report.branch}`);
  const entries = new Map(
    listed
      .trim()
      .split("\n")
      .map((line): [string, string] => [line.split("\t")[1] ?? "", line.slice(0, 6)]),
  );
  expect(Object.fromEntries(entries)).toEqual({
    "README.md": "100644",
    "elsewhere/moved.txt": "100644",
    "image.bin": "100644",
    link: "120000",
    "link-target.txt": "100644",
    "taken.txt": "100644",
    "tool.sh": "100755",
    "windows.txt": "100644",
    "ключ/größe 2.txt": "100644",
    "ключ/日本.txt": "100644",
  });
  const show = (path: string): string => git(rig.repository, "show", `${report.branch}:${path}`);
  expect(show("elsewhere/moved.txt")).toBe(`${LINES}the last line\n`);
  expect(show("windows.txt")).toBe("one\r\nTWO\r\nthree\r\n");
  expect(show("taken.txt")).toBe("original\n");
  expect(show("link")).toBe("link-target.txt");
  expect(show("ключ/日本.txt")).toBe("a\nb\n");
});
