/** Where workflows come from: those of the package, and the operator's own. */
import type { Result } from "../model/result.ts";
import type { Workflow } from "../model/workflow.ts";

export interface KnownWorkflow {
  workflow: Workflow;
  file: string;
}

export interface WorkflowSource {
  /** All that can be read, by id; the operator's in place of a shipped one with the same id. */
  list(): Promise<KnownWorkflow[]>;
  /** By id, number or name; fails with `unknown_workflow`, or `invalid_workflow` when its file is wrong. */
  find(name: string): Promise<Result<Workflow>>;
}
