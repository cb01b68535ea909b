/** Where issues come from: a tracker, or files. */
import type { Issue } from "../model/issue.ts";
import type { Result } from "../model/result.ts";

export interface IssueRequest {
  /** `#101` and `101` for the tracker, anything else is a path of a file or a folder */
  refs: string[];
  /** top level of the repository the issues belong to */
  repository: string;
  /** what relative paths are relative to; with `confined`, no path may lead out of it */
  folder: string;
  confined: boolean;
}

export interface IssueSource {
  /** In the order asked for; fails with `unknown_issue`, naming every one that is not there. */
  read(request: IssueRequest): Promise<Result<Issue[]>>;
}
