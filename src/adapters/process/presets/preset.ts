/** Preset of a coding agent: how to call it so that it asks nothing, and how to read its stream. */
import type { AgentEvent } from "../../../core/model/agent-event.ts";

export interface Preset {
  /** looked up on PATH */
  program: string;
  /**
   * Arguments with the placeholders of a command: `{brief}`, `{workspace}`; `model` as the operator named it. `sandboxed`: Forkjoin's
   * own sandbox is around it, in which the agent could not put up another one.
   */
  arguments(model: string | undefined, sandboxed: boolean): string[];
  /** where the agent keeps its log-in and settings: the variable that says so, and the folder when the user has not set it */
  settings?: {
    variable: string;
    folder: string;
    /** the part of that folder it really uses */
    below?: string;
    /** names in it that can make programs run later: read-only in the sandbox */
    guarded: string[];
  };
  /** variables of the user that it needs: keys, endpoints, models */
  passed: string[];
  /** variables that keep it quiet: no updates, no telemetry */
  fixed: Record<string, string>;
  /** one line of its JSON stream; unknown lines mean nothing */
  read(line: unknown): AgentEvent[];
}

export function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
