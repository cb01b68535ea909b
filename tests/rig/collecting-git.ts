/** A `git` for PATH that first collects a repository's garbage, as its user may at any instant. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder to put in front of PATH. Before a ref is moved `repository` is packed anew, and before the commands that `before` names (all of
 * them when absent) its loose objects are pruned.
 */
export function collectingGit(folder: string, repository: string, before: string[] = []): string {
  const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  const programs = join(folder, "collecting");
  const log = join(folder, "collected.log");
  const pattern = before.length === 0 ? "*" : before.map((name) => `*" ${name} "*`).join("|");
  const own = `env -i PATH="$PATH" HOME=/nonexistent "${git}" -C "$repository"`;
  mkdirSync(programs, { recursive: true });
  writeFileSync(
    join(programs, "git"),
    `#!/bin/sh
repository='${repository}'
case " $* " in
  *" update-ref "*) ${own} gc --prune=now --quiet >>'${log}' 2>&1 </dev/null ;;
  ${pattern}) ${own} prune --expire=now >>'${log}' 2>&1 </dev/null ;;
esac
exec "${git}" "$@"
`,
  );
  chmodSync(join(programs, "git"), 0o755);
  return programs;
}

/** What `work` comes to while PATH begins with `programs`. */
export async function withPrograms<T>(programs: string, work: () => Promise<T>): Promise<T> {
  const path = process.env.PATH;
  process.env.PATH = `${programs}:${path}`;
  try {
    return await work();
  } finally {
    process.env.PATH = path;
  }
}
