/** Parts given to the MCP layer: the core, and the few things of the outside world that its answers need. */
import type { Event } from "../core/model/event.ts";
import type { Result } from "../core/model/result.ts";
import type { Operations } from "../core/orchestrator.ts";
import type { TaskFiles } from "../tools/define-tool.ts";

export const TOOLSETS = ["core", "all"] as const;
export type Toolset = (typeof TOOLSETS)[number];

export interface ServerParts {
  orchestrator: Operations;
  version: string;
  /** folder used where a call names none */
  defaultRepository: string;
  toolset: Toolset;
  /** tools that change anything are left out */
  readOnly: boolean;
  readTaskFiles(files: string[], repo: string): Promise<Result<TaskFiles>>;
  readLog(file: string): Promise<string>;
  /** Calls `listener` for every event until the returned function is called. */
  watch(listener: (run_id: string, event: Event) => void): () => void;
}
