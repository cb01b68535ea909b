/** Issues as text: JSON as `gh issue list --json number,title,body` prints it, or Markdown whose first heading is the title. */
import { basename, extname } from "node:path";
import { z } from "zod";
import { failure } from "../../core/model/failure.ts";
import { type Issue, MAX_BODY, MAX_TITLE } from "../../core/model/issue.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { plainText } from "../../core/model/task-output.ts";

const SHAPE = 'write {"number": 101, "title": "…", "body": "…"}, or a list of such';

const JsonIssue = z.looseObject({
  number: z.number().int().min(1).optional(),
  title: z.string().min(1),
  body: z.string().nullish(),
  url: z.string().max(500).optional(),
});

export function issuesFromJson(file: string, text: string): Result<Issue[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err(failure("unknown_issue", `${file}: ${error instanceof Error ? error.message : String(error)}`, SHAPE));
  }
  const list = z
    .array(JsonIssue)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (!list.success) {
    const [issue] = list.error.issues;
    const where = issue?.path.map(String).join(".") || "the list";
    return err(failure("unknown_issue", `${file}: ${where}: ${issue?.message}`, SHAPE));
  }
  return ok(
    list.data.map(({ number, title, body, url }, index) => ({
      ref: number === undefined ? `${basename(file)}[${index}]` : `#${number}`,
      ...(number === undefined ? {} : { number }),
      title: plainText(title, MAX_TITLE),
      body: plainText(body ?? "", MAX_BODY),
      ...(url === undefined ? {} : { url }),
    })),
  );
}

/** `101-login.md` is issue 101; `# Login crashes` on top is its title, else the file's name. */
export function issueFromMarkdown(file: string, text: string): Issue {
  const name = basename(file, extname(file));
  const number = /^#?(\d{1,9})(?=$|[-_. ])/.exec(name)?.[1];
  const [, heading, rest] = /^\s*#\s+(.+)\n?([\s\S]*)$/.exec(text) ?? [undefined, undefined, undefined];
  return {
    ref: number === undefined ? basename(file) : `#${Number(number)}`,
    ...(number === undefined ? {} : { number: Number(number) }),
    title: plainText((heading ?? name).trim(), MAX_TITLE),
    body: plainText(rest ?? text, MAX_BODY).trim(),
  };
}
