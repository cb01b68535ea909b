/** Says whether a source may be nested deeply enough to overflow the native parser's stack, which would end this process. */
import { IDENTIFIER, type Tokens } from "../tokens.ts";

/** The parser was seen to crash from about 4,000 nested tokens on (`A<A<A<…`, 2,000 levels); nothing crashed at 2,000 of any kind. */
const MAX_NESTED_TOKENS = 1_000;
const MAX_ANGLES = 3_000;
const MAX_ELSE = 500;

/**
 * An upper bound: every nested level costs at least one token since the last `;` or `,` of its bracket. What separators
 * cannot bound (JSX elements, type arguments, `else` chains) is bounded by its sheer number.
 */
export function mayOverflow(tokens: Tokens): boolean {
  if (tokens.suspicious) return true;
  const open: number[] = [];
  let here = 0;
  let outside = 0;
  let angles = 0;
  let elses = 0;
  for (let index = 0; index < tokens.count; index += 1) {
    here += 1;
    if (tokens.kind(index) === IDENTIFIER) {
      if (tokens.code(index) === 101 && tokens.word(index) === "else") elses += 1;
      continue;
    }
    const raw = tokens.text.charCodeAt(tokens.end(index) - 1);
    const closesTemplate = tokens.code(index) === 125;
    if (raw === 44 || raw === 59) here = 0;
    if (raw === 60) angles += 1;
    if (raw === 41 || raw === 93 || raw === 125 || closesTemplate) {
      here = open.pop() ?? 0;
      outside -= here;
    }
    if (raw === 40 || raw === 91 || raw === 123) {
      open.push(here);
      outside += here;
      here = 0;
    }
    if (outside + here > MAX_NESTED_TOKENS || angles > MAX_ANGLES || elses > MAX_ELSE) return true;
  }
  return false;
}
