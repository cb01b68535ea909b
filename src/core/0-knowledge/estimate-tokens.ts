/** Phase 0, action 4: the budget needs a measure that is the same for every model. */
import { estimateTokenCount } from "tokenx";

/**
 * An estimate by kinds of characters and words. Real tokenizers bring tens of megabytes of tables, one for each family of
 * models; docs/decisions has how far off each way is.
 */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text);
}
