/** `forkjoin land --pr`: pushes the run's branch and opens a pull request through GitHub's own `gh`, with the report as its text. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { type Failure, failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import { GitError, type GitPlace, gitText, runGit } from "../git.ts";
import { actAsUser } from "./act-as-user.ts";
import { presentHooks } from "./hooks.ts";

export interface PullRequest {
  repository: string;
  branch: string;
  /** the branch it is to be merged into; the remote's default when absent */
  into?: string;
  title: string;
  /** Markdown */
  body: string;
  /** run the repository's hooks, as `git push` does */
  hooks?: boolean;
}

export interface SentPullRequest {
  url: string;
  remote: string;
  /** hooks that `git push` would have run */
  hooks_skipped: string[];
}

const TIMEOUT_MS = 120_000;

/** The address of the pull request. Without `gh`, or without a remote, nothing is pushed. */
export async function openPullRequest(request: PullRequest): Promise<Result<SentPullRequest>> {
  const place: GitPlace = { cwd: request.repository };
  const present = await gh(request.repository, ["--version"], "");
  if (!present.ok) return present;
  const remote = await remoteOf(place, request.into);
  if (remote === undefined) {
    const hint = "add one with `git remote add origin URL`, or land without --pr";
    return err(failure("not_supported", `${request.repository} has no remote to push ${request.branch} to`, hint));
  }
  try {
    const act = { repository: request.repository, hooks: request.hooks === true };
    await actAsUser(act, ["push", "--force-with-lease", remote, `refs/heads/${request.branch}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const hint = `see that you may push to ${remote}, then try again`;
    return err(failure("git_failed", `${request.branch} could not be pushed: ${error.message}`, hint));
  }
  const { branch, into, title, body } = request;
  const args = [
    "pr",
    "create",
    "--head",
    branch,
    ...(into === undefined ? [] : ["--base", into]),
    "--title",
    title,
    "--body-file",
    "-",
  ];
  const made = await gh(request.repository, args, body);
  if (!made.ok) return made;
  const skipped = request.hooks === true ? [] : await presentHooks(request.repository, ["pre-push"]);
  return ok({ url: made.value.trim().split("\n").at(-1) ?? "", remote, hooks_skipped: skipped });
}

/** The remote the target branch follows, else `origin`, else the only one there is. */
async function remoteOf(place: GitPlace, into: string | undefined): Promise<string | undefined> {
  const branch = into ?? (await gitText(place, ["rev-parse", "--abbrev-ref", "HEAD"]));
  const followed = await runGit(place, ["config", `branch.${branch}.remote`], { accept: [1] });
  const name = followed.stdout.toString("utf8").trim();
  if (name !== "" && name !== ".") return name;
  const remotes = (await gitText(place, ["remote"])).split("\n").filter((line) => line !== "");
  return remotes.includes("origin") ? "origin" : remotes.length === 1 ? remotes[0] : undefined;
}

async function gh(directory: string, args: string[], input: string): Promise<Result<string>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const child = spawn("gh", args, { cwd: directory, stdio: ["pipe", "pipe", "pipe"], signal });
  const ended = new Promise<number | Error>((resolve) => {
    child.once("error", resolve);
    child.once("close", (code) => resolve(code ?? 1));
  });
  child.stdin.on("error", () => undefined).end(input);
  const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (end === 0) return ok(stdout);
  return err(typeof end === "number" ? refused(args, stderr) : missing(end));
}

function missing(error: Error): Failure {
  const hint = "install GitHub's command line (https://cli.github.com) and run `gh auth login`, or land without --pr";
  return failure("not_supported", `--pr needs the program gh, which could not be started: ${error.message}`, hint);
}

function refused(args: string[], stderr: string): Failure {
  const message = `gh ${args.slice(0, 2).join(" ")} failed: ${stderr.trim().slice(-600)}`;
  return failure(
    "not_supported",
    message,
    "see that `gh auth status` is well; the branch is pushed, so trying again is safe",
  );
}
