/** Usage of an agent's work: tokens, and the price where the agent knows it. */
import { z } from "zod";
import type { AgentEvent } from "./agent-event.ts";

export const Usage = z.object({
  /** including what the provider read from its cache */
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  /** US dollars; absent when no agent named a price */
  cost_usd: z.number().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Usage after one more event; events that say nothing about usage leave it as it is. */
export function withEvent(usage: Usage | undefined, event: AgentEvent): Usage | undefined {
  if (event.type !== "tokens" && event.type !== "cost") return usage;
  const before = usage ?? { input_tokens: 0, output_tokens: 0 };
  const base = event.counts === "step" ? 1 : 0;
  if (event.type === "cost") return { ...before, cost_usd: (before.cost_usd ?? 0) * base + event.usd };
  return {
    ...before,
    input_tokens: before.input_tokens * base + event.input_tokens,
    output_tokens: before.output_tokens * base + event.output_tokens,
  };
}

/** Sum of what is known; undefined when nothing is. */
export function totalUsage(usages: (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  if (known.length === 0) return undefined;
  const priced = known.flatMap((usage) => usage.cost_usd ?? []);
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    input_tokens: sum(known.map((usage) => usage.input_tokens)),
    output_tokens: sum(known.map((usage) => usage.output_tokens)),
    ...(priced.length === 0 ? {} : { cost_usd: Math.round(sum(priced) * 1e6) / 1e6 }),
  };
}
