/** Issues by number from GitHub, by path from files; everything that is missing is named before anything starts. */
import { failure } from "../../core/model/failure.ts";
import type { Issue } from "../../core/model/issue.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { IssueSource } from "../../core/ports/issue-source.ts";
import { readIssueFiles } from "./file-issues.ts";
import { readGithubIssue } from "./github-issues.ts";

export function issueSource(): IssueSource {
  return {
    async read({ refs, ...place }) {
      const found: Issue[] = [];
      const problems: { message: string; hint: string }[] = [];
      for (const ref of refs) {
        const read = await readOne(ref, place);
        if (read.ok) found.push(...read.value);
        else problems.push(read.error);
      }
      const [first] = problems;
      if (first === undefined) return ok(found);
      return err(failure("unknown_issue", problems.map(({ message }) => message).join("; "), first.hint));
    },
  };
}

async function readOne(
  ref: string,
  place: { repository: string; folder: string; confined: boolean },
): Promise<Result<Issue[]>> {
  const number = /^#?(\d{1,9})$/.exec(ref.trim())?.[1];
  if (number === undefined) return readIssueFiles(ref.trim(), place);
  const issue = await readGithubIssue(Number(number), place.repository);
  return issue.ok ? ok([issue.value]) : issue;
}
