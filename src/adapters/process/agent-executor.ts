/** The executor port for every agent there is: those that speak the Agent Client Protocol are talked to, the others run as commands. */
import type { Executor } from "../../core/ports/executor.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import { commandExecutor } from "./command-executor.ts";

/** The protocol's library is loaded when it is needed: most runs do without it. */
export function agentExecutor(sandbox: Sandbox): Executor {
  const commands = commandExecutor(sandbox);
  return {
    ...commands,
    async run(spec, hooks, signal) {
      if (spec.agent.acp === undefined) return commands.run(spec, hooks, signal);
      const { runAcpAgent } = await import("./acp/acp-executor.ts");
      return runAcpAgent(spec, { hooks, sandbox }, signal);
    },
  };
}
