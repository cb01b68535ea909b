/** The merge-program port: one command in a folder of its own that is removed afterwards; whatever goes wrong is no answer, never an error. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import type { MergeProgram } from "../../core/ports/merge-program.ts";
import { childEnvironment } from "./child-environment.ts";
import { findProgram } from "./find-program.ts";
import { runProcess } from "./run-process.ts";

const MERGIRAF_MS = 30_000;
const REGENERATE_MS = 5 * 60_000;

export function mergeProgram(): MergeProgram {
  return {
    async mergiraf(path, sides) {
      const [base, ours, theirs, merged] = ["base", "ours", "theirs", "merged"].map((name) => name + extname(path));
      if (base === undefined || ours === undefined || theirs === undefined || merged === undefined) return undefined;
      const files = new Map([
        [base, sides.base],
        [ours, sides.ours],
        [theirs, sides.theirs],
      ]);
      const command = ["mergiraf", "merge", base, ours, theirs, "--output", merged, "--path-name", path];
      return runIn(command, { files, wanted: merged, timeout_ms: MERGIRAF_MS });
    },
    regenerate: (command, files, wanted) => runIn(command, { files, wanted, timeout_ms: REGENERATE_MS }),
  };
}

interface Work {
  files: Map<string, string>;
  wanted: string;
  timeout_ms: number;
}

async function runIn(command: string[], { files, wanted, timeout_ms }: Work): Promise<string | undefined> {
  const program = await findProgram(command[0] ?? "");
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "forkjoin-merge-"));
  const directory = join(folder, "work");
  try {
    for (const name of ["home", "tmp", "work"]) await mkdir(join(folder, name));
    for (const [path, text] of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const request = {
      command: [program, ...command.slice(1)],
      directory,
      timeout_ms,
      mark: folder,
      env: childEnvironment(folder, []),
      log_file: join(folder, "log"),
    };
    const outcome = await runProcess(request, new AbortController().signal);
    if (outcome.end !== "exited" || outcome.code !== 0) return undefined;
    return await readFile(join(directory, wanted), "utf8").catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
