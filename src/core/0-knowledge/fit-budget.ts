/** Phase 0, action 4: "read recommended files (if context allows)". */
import type { KnowledgeFile } from "../model/knowledge-context.ts";

/** Tokens kept free for the work itself: below this nothing more is loaded. */
const RESERVE = 5_000;

export interface Budget {
  budget_tokens: number;
  used_tokens: number;
}

export interface Fitted {
  loaded: KnowledgeFile[];
  skipped: { path: string; reason: string }[];
}

/** Takes `files` in their order while the budget lasts; each of the others is skipped with its reason. */
export function fitBudget(files: KnowledgeFile[], budget: Budget): Fitted {
  const fitted: Fitted = { loaded: [], skipped: [] };
  let left = Math.max(0, budget.budget_tokens - budget.used_tokens);
  for (const file of files) {
    const reason = whyNot(file, left, budget.budget_tokens);
    if (reason === undefined) {
      fitted.loaded.push(file);
      left -= file.tokens;
    } else fitted.skipped.push({ path: file.path, reason });
  }
  return fitted;
}

function whyNot(file: KnowledgeFile, left: number, budget: number): string | undefined {
  const rest = `${left} of the budget of ${budget} tokens left`;
  if (left < RESERVE) return `context budget limit reached: ${rest}, and ${RESERVE} are kept free`;
  if (file.tokens > left) return `does not fit: ${file.tokens} tokens, ${rest}`;
  return undefined;
}
