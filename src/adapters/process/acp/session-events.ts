/** Agent events from the protocol's updates about an agent's work. */
import type { SessionUpdate } from "@agentclientprotocol/sdk";
import { z } from "zod";
import type { AgentEvent } from "../../../core/model/agent-event.ts";

export function updateEvents(update: SessionUpdate): AgentEvent[] {
  switch (update.sessionUpdate) {
    case "agent_message_chunk":
      return update.content.type === "text" ? [{ type: "message", text: update.content.text }] : [];
    case "tool_call":
      return [{ type: "tool_call", name: update.title }];
    case "usage_update":
      return update.cost?.currency === "USD" ? [{ type: "cost", counts: "total", usd: update.cost.amount }] : [];
    default:
      return [];
  }
}

const Count = z.number().int().nonnegative().nullish().catch(0);

/** Not in the stable schema yet, but agents send it. */
const Stopped = z.object({
  usage: z.object({
    inputTokens: Count,
    outputTokens: Count,
    cachedReadTokens: Count,
    cachedWriteTokens: Count,
    thoughtTokens: Count,
  }),
});

/** The usage in the answer to a prompt. */
export function usageEvents(response: unknown): AgentEvent[] {
  const read = Stopped.safeParse(response);
  if (!read.success) return [];
  const { inputTokens, outputTokens, cachedReadTokens, cachedWriteTokens, thoughtTokens } = read.data.usage;
  const input_tokens = (inputTokens ?? 0) + (cachedReadTokens ?? 0) + (cachedWriteTokens ?? 0);
  const output_tokens = (outputTokens ?? 0) + (thoughtTokens ?? 0);
  return [{ type: "tokens", counts: "total", input_tokens, output_tokens }];
}
