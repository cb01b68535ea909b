/** Phase 0, action 4: the budget needs a measure that is the same for every model. */

/** ceil(characters / 4), in UTF-16 code units: an estimate, close for English prose and low for code and for CJK text. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
