/** The executor port for every agent there is: those that speak the Agent Client Protocol are talked to, the others run as commands. */
import type { Executor } from "../../core/ports/executor.ts";
import { runAcpAgent } from "./acp/acp-executor.ts";
import { commandExecutor } from "./command-executor.ts";

export function agentExecutor(): Executor {
  const commands = commandExecutor();
  return {
    ...commands,
    async run(spec, hooks, signal) {
      if (spec.agent.acp === undefined) return commands.run(spec, hooks, signal);
      return runAcpAgent(spec, { hooks, enforcement: commands.enforcement }, signal);
    },
  };
}
