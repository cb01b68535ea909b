/** Phase 0, action 1: whole-word search for a trigger, without turning the graph's text into a regular expression. */

const COMBINING_ACCENTS = /[\u0300-\u036f]/gu;
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
/** Scripts written without spaces: each of their characters may stand at a word's edge. */
const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** One form for all spellings: case, accents (`análise` = `analise`), width and the amount of white space do not count. */
export function foldText(text: string): string {
  const plain = text.normalize("NFKD").replace(COMBINING_ACCENTS, "").normalize("NFKC");
  return plain.toUpperCase().toLowerCase().replace(/\s+/gu, " ").trim();
}

/** Whether `phrase` stands in `text` with no word character running on at either end. Both are folded. */
export function containsPhrase(text: string, phrase: string): boolean {
  if (phrase === "") return false;
  for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1)) {
    if (isEdge(text, at) && isEdge(text, at + phrase.length)) return true;
  }
  return false;
}

function isEdge(text: string, at: number): boolean {
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
  const after = [...text.slice(at, at + 2)].at(0) ?? "";
  return !isWordCharacter(before) || !isWordCharacter(after) || isUnspaced(before) || isUnspaced(after);
}

function isWordCharacter(character: string): boolean {
  return WORD_CHARACTER.test(character);
}

function isUnspaced(character: string): boolean {
  return UNSPACED_SCRIPT.test(character);
}
