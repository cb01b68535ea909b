/** One GitHub issue through the user's own `gh`: its log-in, its idea of which repository this is; nothing is ever written. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { failure } from "../../core/model/failure.ts";
import { type Issue, MAX_BODY, MAX_TITLE } from "../../core/model/issue.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { plainText } from "../../core/model/task-output.ts";

const TIMEOUT_MS = 60_000;
const MAX_ANSWER = 8 * 1024 * 1024;
const FIELDS = "number,title,body,url";
const OR_FILES = "or name a file or folder of issues in place of numbers";

const Answer = z.object({
  number: z.number().int().min(1),
  title: z.string(),
  body: z.string().nullish(),
  url: z.string().max(500).optional(),
});

/** Fails with `unknown_issue` whose message names the number, also when `gh` is missing or not logged in. */
export async function readGithubIssue(number: number, repository: string): Promise<Result<Issue>> {
  const ref = `#${number}`;
  try {
    const { stdout } = await promisify(execFile)("gh", ["issue", "view", String(number), "--json", FIELDS], {
      cwd: repository,
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_ANSWER,
      env: { ...process.env, GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", NO_COLOR: "1" },
    });
    const { title, body, url } = Answer.parse(JSON.parse(stdout));
    return ok({
      ref,
      number,
      title: plainText(title, MAX_TITLE),
      body: plainText(body ?? "", MAX_BODY),
      ...(url === undefined ? {} : { url }),
    });
  } catch (error) {
    return err(unreadable(ref, error));
  }
}

const Failed = z.object({ code: z.union([z.string(), z.number()]).nullish(), stderr: z.string().optional() });

function unreadable(ref: string, error: unknown): ReturnType<typeof failure> {
  const { code, stderr = "" } = Failed.catch({}).parse(error);
  if (code === "ENOENT") {
    return failure("unknown_issue", `issue ${ref}: gh is not installed`, `install gh and log in, ${OR_FILES}`);
  }
  const said = plainText(stderr, 400).trim().replaceAll("\n", " ");
  if (/auth login|not logged in|authentication/i.test(said)) {
    return failure("unknown_issue", `issue ${ref}: gh is not logged in`, `run \`gh auth login\`, ${OR_FILES}`);
  }
  const why = said === "" ? (error instanceof Error ? error.message.split("\n")[0] : String(error)) : said;
  return failure("unknown_issue", `issue ${ref}: ${why}`, `check the number with \`gh issue view\`, ${OR_FILES}`);
}
