/** Tells a failing model provider from a failing agent: one is waited for, one needs the operator, the rest is the agent's. */
import { type Failure, failure } from "../../core/model/failure.ts";

/** Waiting a few minutes does not cure these. */
const REJECTED = [
  /\b(401|402|403)\b/,
  /unauthori[sz]ed|forbidden|invalid.{0,12}(api.?key|token|credential)|authentication (failed|required|error)/i,
  /not logged in|log ?in (first|again|required)|\/login|auth(entication)?[ _]required|no api.?key/i,
  /insufficient.{0,6}(quota|credit|balance|funds)|credit balance|usage limit|billing|payment required/i,
];

const UNAVAILABLE = [
  /\b(429|500|502|503|504|529)\b/,
  /too many requests|rate.?limit|overloaded|service unavailable|temporarily unavailable|bad gateway|gateway time.?out/i,
  /resource.?exhausted|server is busy|at capacity/i,
  /\b(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|UND_ERR_\w+)\b/,
  /fetch failed|network error|connection (refused|reset|error|closed|timed out)|stream (disconnected|closed)/i,
  /error sending request|socket hang up|dns error/i,
];

/** `said` is what the agent gave as the reason of its end, not its whole output: "429" in a file it read must mean nothing. */
export function providerFailure(said: string): Failure | undefined {
  const short = said.replace(/\s+/g, " ").trim().slice(0, 400);
  if (REJECTED.some((pattern) => pattern.test(said))) {
    const hint = "log the agent in, or pass its key: see docs/agents.md; then run again";
    return failure("provider_rejected", `the model provider refused the agent: ${short}`, hint);
  }
  if (UNAVAILABLE.some((pattern) => pattern.test(said))) {
    const hint = "it is tried again by itself, five times with growing pauses; later, `forkjoin resume` goes on";
    return failure("provider_unavailable", `the model provider was not available: ${short}`, hint);
  }
  return undefined;
}
