/** A repository and its adapters for tests of the git adapter, gone when the test ends. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { engineIn } from "../../../src/adapters/git/repository/engine.ts";
import { openRepository } from "../../../src/adapters/git/repository/git-repository.ts";
import { locateRepository } from "../../../src/adapters/git/repository/repository-location.ts";
import { gitWorkspaces } from "../../../src/adapters/git/workspace/git-workspaces.ts";
import type { Repository } from "../../../src/core/ports/repository.ts";
import type { Workspace, Workspaces } from "../../../src/core/ports/workspace.ts";
import { git } from "../../rig/git.ts";

export class TemporaryRepository {
  readonly folder: string;
  readonly root: string;

  constructor(...init: string[]) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-git-")));
    this.root = join(this.folder, "repository");
    mkdirSync(this.root);
    this.git("init", "--quiet", "--initial-branch=main", ...init);
    this.git("config", "user.name", "Ada");
    this.git("config", "user.email", "ada@example.org");
  }

  /** Forkjoin's own git directory for the repository. */
  get engine(): string {
    return engineIn(join(this.folder, "home"), this.root).directory;
  }

  git(...args: string[]): string {
    return git(this.root, ...args);
  }

  /** A commit on top of `parent` (default HEAD) with these files changed; null removes one. */
  commit(files: Record<string, string | Buffer | null>, parent = "HEAD"): string {
    if (parent !== "HEAD") this.git("checkout", "--quiet", "--detach", parent);
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.root, path);
      rmSync(file, { recursive: true, force: true });
      if (content === null) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    this.git("add", "--all", "--force");
    this.git("commit", "--quiet", "--allow-empty", "--message", "Change");
    return this.git("rev-parse", "HEAD").trim();
  }

  /** A file beside the repository. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  async open(): Promise<Repository> {
    const located = await locateRepository(this.root);
    if (!located.ok) throw new Error(located.error.message);
    return openRepository(located.value, this.engine);
  }

  async workspaces(): Promise<Workspaces> {
    const located = await locateRepository(this.root);
    if (!located.ok) throw new Error(located.error.message);
    return gitWorkspaces(located.value, join(this.folder, "home"));
  }

  async workspace(base: string): Promise<Workspace> {
    const request = { run_id: "run", name: "task/1", base, copy: [] };
    const created = await (await this.workspaces()).create(request, new AbortController().signal);
    if (!created.ok) throw new Error(created.error.message);
    await created.value.snapshot();
    return created.value;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** File names that trip up line-based, quoting and option parsers. */
export const AWKWARD = [
  " leading and trailing ",
  "-n",
  "--stdin",
  "a\tb",
  "a\nb",
  'a"b',
  "a'b",
  "a\\b",
  ":(top)a",
  "diff --git a b",
  "ünï/漢字/🙂",
  "über\u0308",
  "#hash",
  "*glob?",
  "dir with space/[x]",
];
