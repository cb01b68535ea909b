/** Events of a coding agent's work, whatever its stream looks like: one union for every preset and for ACP. */
import { z } from "zod";

/** `step`: this much more; `total`: so much since the agent started, in place of what was counted before. */
const Counts = z.enum(["step", "total"]);

export const AgentEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message"), text: z.string() }),
  z.object({ type: z.literal("tool_call"), name: z.string() }),
  /** input includes what the provider read from its cache */
  z.object({
    type: z.literal("tokens"),
    counts: Counts,
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
  }),
  z.object({ type: z.literal("cost"), counts: Counts, usd: z.number() }),
  /** the agent's own word on how it ended: never enough for a success, always enough for a failure */
  z.object({ type: z.literal("result"), outcome: z.enum(["done", "error", "refused"]), message: z.string() }),
  z.object({ type: z.literal("permission_denied"), what: z.string() }),
  /** the sandbox refused it to write: the line in which its output says so */
  z.object({ type: z.literal("write_refused"), what: z.string() }),
  /** something went wrong on the way; the agent may have recovered */
  z.object({ type: z.literal("error"), message: z.string() }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;
