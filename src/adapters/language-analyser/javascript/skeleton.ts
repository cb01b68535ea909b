/** A source without the insides of its top-level braces: all that a module record is made from, at a tenth of the parser's work. */
import { IDENTIFIER, type Tokens } from "../tokens.ts";

/** Braces after these words hold names that are imported, exported or declared. */
const KEPT = new Set(["import", "export", "type", "const", "let", "var"]);
const OPEN = 123;
const CLOSE = 125;

/** As long as the source, so that every place stays where it was; undefined when the braces do not match. */
export function skeleton(tokens: Tokens): string | undefined {
  const { text } = tokens;
  const parts: string[] = [];
  let written = 0;
  let depth = 0;
  let from = -1;
  for (let index = 0; index < tokens.count; index += 1) {
    const mark = tokens.kind(index) === IDENTIFIER ? 0 : tokens.code(index);
    if ((mark !== OPEN && mark !== CLOSE) || tokens.punctuation(index) === "") continue;
    if (mark === OPEN) {
      if (depth === 0) from = keeps(tokens, index) ? -1 : tokens.end(index);
      depth += 1;
    } else {
      depth -= 1;
      if (depth < 0) return undefined;
      if (depth > 0 || from === -1) continue;
      parts.push(text.slice(written, from), " ".repeat(tokens.start(index) - from));
      written = tokens.start(index);
      from = -1;
    }
  }
  if (depth !== 0) return undefined;
  parts.push(text.slice(written));
  return parts.join("");
}

/** `import d, {`: a comma before the brace counts like the word before it. */
function keeps(tokens: Tokens, index: number): boolean {
  const before = tokens.punctuation(index - 1) === "," ? index - 3 : index - 1;
  return KEPT.has(tokens.word(before)) || KEPT.has(tokens.word(index - 1));
}
