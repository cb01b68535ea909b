/** The parts of the orchestrator's ports that work on a run needs, by what it does. */
import type { OrchestratorPorts } from "./orchestrator-ports.ts";

/** Ports needed to work out where a run stands. */
export type ReadPorts = Pick<OrchestratorPorts, "store" | "executor" | "owners" | "clock" | "canAsk">;

/** Ports needed to carry a run out. */
export type CarryPorts = Omit<
  OrchestratorPorts,
  "configurationFor" | "tokens" | "newRunId" | "openRepository" | "knowledgeSource" | "workflows" | "issues"
>;

/** Ports needed to own a run. */
export type TakePorts = CarryPorts & Pick<OrchestratorPorts, "openRepository">;
