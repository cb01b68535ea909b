/** A change shown as the user's own git shows it: their pager, their colours, their diff drivers. */
import { spawn } from "node:child_process";

export interface ShownDiff {
  repository: string;
  from: string;
  to: string;
}

/** The exit code of git, whose output goes where this process's goes. A pager that is left early is no failure. */
export function showDiff({ repository, from, to }: ShownDiff): Promise<number> {
  const child = spawn("git", ["-C", repository, "diff", "--end-of-options", from, to, "--"], { stdio: "inherit" });
  return new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code, signal) => resolve(signal === "SIGPIPE" ? 0 : (code ?? 1)));
  });
}
