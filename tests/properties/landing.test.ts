/** What lands is always inside the declared scope: random scopes, names, links and changes, through the verifier and a real commit. */
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseScope, scopeContains } from "../../src/core/boundary/scope.ts";
import { verifyBoundary } from "../../src/core/boundary/verify-boundary.ts";
import { scopePatternProblem } from "../../src/core/model/scope-pattern.ts";
import { TemporaryRepository } from "../adapters/git/temporary.ts";
import { rounds } from "../rig/extent.ts";

const ROUNDS = rounds(20, 60);

const NAMES = [
  "src",
  "a.txt",
  "b",
  "lib",
  "deep",
  "A.TXT",
  "é",
  "e\u0301",
  "x y",
  "a\nb",
  "\u202eb",
  ".gitignore",
  ".gitattributes",
  "node_modules",
  "-n",
  "[id]",
  "a:b",
  "a.",
  "#s",
];
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const scope = fc
  .tuple(path, fc.boolean())
  .map(([name, isFolder]) => (isFolder ? `${name}/**` : name))
  .filter((entry) => scopePatternProblem(entry) === undefined);
const target = fc.oneof(path, fc.constantFrom("/etc/passwd", "../../..", "../x", ".git/config", "src", "."));
const action = fc.oneof(
  fc.record({ do: fc.constant("write" as const), path, text: fc.string({ maxLength: 8 }) }),
  fc.record({ do: fc.constant("remove" as const), path }),
  fc.record({ do: fc.constant("rename" as const), path, to: path }),
  fc.record({ do: fc.constant("link" as const), path, target }),
  fc.record({ do: fc.constant("hardlink" as const), path, to: path }),
  fc.record({ do: fc.constant("chmod" as const), path, mode: fc.constantFrom(0o755, 0o600, 0o4755) }),
);

/** As far as the disk lets it. */
function carryOut(root: string, step: typeof action extends fc.Arbitrary<infer T> ? T : never): void {
  const place = join(root, step.path);
  try {
    if (step.do === "remove") rmSync(place, { recursive: true, force: true });
    else if (step.do === "chmod") chmodSync(place, step.mode);
    else if (step.do === "rename") renameSync(place, join(root, step.to));
    else if (step.do === "hardlink") linkSync(place, join(root, step.to));
    else {
      mkdirSync(dirname(place), { recursive: true });
      if (step.do === "write") writeFileSync(place, step.text);
      else symlinkSync(step.target, place);
    }
  } catch {
    // What cannot be done is not done.
  }
}

test("a folder in place of a file outside of the scope takes the file out of nothing", async () => {
  using repository = new TemporaryRepository();
  const base = repository.commit({ "x/a.txt": "a\n", b: "b\n" });
  const workspace = await repository.workspace(base);
  await workspace.snapshot();
  rmSync(join(workspace.directory, "b"));
  mkdirSync(join(workspace.directory, "b"));
  writeFileSync(join(workspace.directory, "b", "c.txt"), "c\n");
  expect((await workspace.changes()).ok).toBe(true);
  const order = { message: "x", ref: "refs/forkjoin/run/attempts/t/1", at: 0 };
  expect((await workspace.commit({ ...order, paths: ["b/c.txt"] })).ok).toBe(false);
  expect(await workspace.commit({ ...order, paths: ["b", "b/c.txt"] })).toMatchObject({
    ok: true,
    value: { files: ["b", "b/c.txt"] },
  });
  await workspace.dispose();
});

test(
  "what is committed lies inside the scope",
  async () => {
    using repository = new TemporaryRepository();
    const base = repository.commit({
      "src/a.txt": "a\n",
      "src/deep/b": "b\n",
      "lib/a.txt": "l\n",
      ".gitignore": "node_modules\n",
      "a.txt": "r\n",
    });
    const workspace = await repository.workspace(base);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(scope, { minLength: 1, maxLength: 3 }),
        fc.array(action, { minLength: 1, maxLength: 6 }),
        async (entries, steps) => {
          await workspace.snapshot();
          for (const step of steps) carryOut(workspace.directory, step);
          const changes = await workspace.changes();
          if (!changes.ok) return;
          const { accepted } = verifyBoundary(changes.value, { task_boundary: "t", access: "write", scope: entries });
          count += 1;
          const ref = `refs/forkjoin/run/attempts/t/${count}`;
          const done = await workspace.commit({ paths: accepted, message: "x", ref, at: 0 });
          const scopes = entries.map(parseScope);
          const landed = done.ok ? done.value.files : [];
          expect(landed.filter((file) => !scopes.some((one) => scopeContains(one, file)))).toEqual([]);
        },
      ),
      { numRuns: ROUNDS },
    );
    await workspace.dispose();
  },
  Math.max(120_000, ROUNDS * 1_000),
);
