/** Options of the command line that describe the work: task files, a pattern, a workflow or issues. */
import type { PatternKind, WorkPattern } from "../core/model/work-pattern.ts";

export interface WorkOptions {
  tasks?: string;
  request?: string;
  pattern?: PatternKind;
  include?: string;
  by?: WorkPattern["by"];
  minutes?: number;
  perTask?: number;
  /** what stands behind `--`: run for each file or module instead of an agent */
  command?: string[];
  workflow?: string;
  issues?: string;
  targets?: string;
  syncPoint?: string;
  closesIssues?: boolean;
}
