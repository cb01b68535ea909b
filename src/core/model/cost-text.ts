/** Tokens and price in words, for people. */
import type { Cost } from "./report.ts";
import type { Usage } from "./usage.ts";

export function usageText(usage: Usage | undefined): string {
  if (usage === undefined) return "";
  const price = usage.cost_usd === undefined ? "" : `, ${usage.cost_usd.toFixed(2)} USD`;
  return `${usage.input_tokens} in, ${usage.output_tokens} out${price}`;
}

export function costText(cost: Cost): string {
  if (cost.input_tokens + cost.output_tokens === 0) return "not reported by the agents";
  const silent = cost.attempts_unreported === 0 ? "" : ` (${cost.attempts_unreported} attempts did not say)`;
  return `${usageText(cost)}${silent}`;
}
