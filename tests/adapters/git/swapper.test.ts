/** An adversary that swaps names for links at random moments, while Forkjoin verifies, commits, makes git anew, keeps and reopens. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rounds } from "../../rig/extent.ts";
import { git } from "../../rig/git.ts";
import { TemporaryRepository } from "./temporary.ts";

const SWAPPER = fileURLToPath(new URL("../../rig/escape/swapper.mjs", import.meta.url));
const ROUNDS = rounds(15, 40);
const SECRET = "the user's secret\n";

/** What must stay as it is, and be read by nobody. */
function victimIn(folder: string): { folder: string; state: () => unknown } {
  const victim = join(folder, "victim");
  mkdirSync(join(victim, "dir"), { recursive: true });
  for (const name of ["a.txt", "dir/d.txt", "secret", "output"]) writeFileSync(join(victim, name), SECRET);
  git(victim, "init", "--quiet");
  git(victim, "add", ".");
  const names = (): string[] => readdirSync(victim, { recursive: true, encoding: "utf8" }).sort();
  return {
    folder: victim,
    state: () => [
      names(),
      readFileSync(join(victim, "secret"), "utf8"),
      readFileSync(join(victim, ".git/HEAD"), "utf8"),
    ],
  };
}

test.skipIf(process.platform !== "linux")(
  "is never followed",
  async () => {
    using repository = new TemporaryRepository();
    const base = repository.commit({ "src/a.txt": "a\n", "src/dir/d.txt": "d\n", "b.txt": "b\n" });
    const victim = victimIn(repository.folder);
    const before = victim.state();
    const workspaces = await repository.workspaces();
    const workspace = await repository.workspace(base);
    await workspace.keepInstalled({ folders: [], shared: false, caches: [] });
    const swapper = fork(SWAPPER, [workspace.folder, victim.folder], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    await once(swapper, "message");
    const outputs = new Set<string | undefined>();
    let worked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const changes = await workspace.changes();
      const paths = changes.ok ? changes.value.map(({ path }) => path) : [];
      const order = {
        message: "x",
        ref: `refs/forkjoin/run/attempts/task/${round}`,
        at: 0,
        paths: [...paths, "src/a.txt", "src/dir/d.txt"],
      };
      const committed = await workspace.commit(order);
      if (committed.ok) worked += 1;
      await workspace.tampering().catch(() => undefined);
      outputs.add(await workspace.output(1_000));
      await workspace.readyForProcess();
      await workspace.resetGit();
      await workspaces
        .edit({ run_id: "run", name: "task/1" }, [{ path: "src/a.txt", content: `edit ${round}\n` }])
        .catch(() => []);
      const reopened = await workspaces.reopen({ run_id: "run", name: "task/1", base });
      if (reopened.ok) await reopened.value.changes();
    }
    swapper.kill("SIGKILL");
    await once(swapper, "exit");
    await workspace.dispose();
    expect(victim.state()).toEqual(before);
    expect([...outputs]).toEqual([undefined]);
    const secret = git(victim.folder, "hash-object", "secret").trim();
    const held = git(repository.root, "cat-file", "--batch-all-objects", "--batch-check");
    expect(held).not.toContain(secret);
    expect(existsSync(workspace.folder)).toBe(false);
    console.info(`${worked} of ${ROUNDS} commits were made, the others failed`);
  },
  Math.max(120_000, ROUNDS * 1_500),
);
