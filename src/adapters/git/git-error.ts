/** What a git command answered, and the error of one that ended in an unexpected way. */

export interface GitOutput {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** A git command that ended in an unexpected way. */
export class GitError extends Error {
  readonly code: number;
  /** what git wrote on its standard error */
  readonly said: string;
  constructor(args: readonly string[], output: Pick<GitOutput, "code" | "stderr">) {
    super(`git ${args.slice(0, 3).join(" ")}: ${output.stderr.trim() || `exit code ${output.code}`}`);
    this.name = "GitError";
    this.code = output.code;
    this.said = output.stderr;
  }
}
