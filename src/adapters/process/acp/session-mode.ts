/** Picks the session mode: what an agent does without being asked differs from one to the next, so it is never left to chance. */
import type { SessionModeState } from "@agentclientprotocol/sdk";
import { failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";

/** Modes that edit and ask first, by the names agents give them; the first one offered is taken. */
const PREFERRED = ["default", "ask", "workspace-write", "agent", "code", "build"];

/** The mode to set; undefined when the agent has no modes, or none that is known and the operator named none. */
export function sessionMode(
  modes: SessionModeState | null | undefined,
  wanted: string | undefined,
): Result<string | undefined> {
  const offered = (modes?.availableModes ?? []).map((mode) => mode.id);
  if (wanted !== undefined && !offered.includes(wanted)) {
    const hint = `it offers ${offered.join(", ") || "no modes"}: correct the agent's mode`;
    return err(failure("agent_unavailable", `the agent has no session mode ${JSON.stringify(wanted)}`, hint));
  }
  return ok(wanted ?? PREFERRED.find((mode) => offered.includes(mode)) ?? modes?.currentModeId);
}
