/** Text cut to a number of terminal columns, whatever its letters are wide. */
import stringWidth from "string-width";

const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The beginning of one line, with a mark where something is missing. */
export function cutAt(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (stringWidth(text) <= columns) return text;
  return `${start(lettersOf(text), columns - 1)}…`;
}

/** Both ends of a name: of long ids the end tells them apart. */
export function cutMiddle(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (stringWidth(text) <= columns) return text;
  const letters = lettersOf(text);
  const room = columns - 1;
  const end = start(letters.toReversed(), Math.floor(room / 2), (part) => part.toReversed());
  return `${start(letters, Math.ceil(room / 2))}…${end}`;
}

/** The text, filled up with blanks. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

function lettersOf(text: string): string[] {
  return [...LETTERS.segment(text)].map(({ segment }) => segment);
}

function start(letters: string[], columns: number, order: (part: string[]) => string[] = (part) => part): string {
  let width = 0;
  const part: string[] = [];
  for (const letter of letters) {
    width += stringWidth(letter);
    if (width > columns) break;
    part.push(letter);
  }
  return order(part).join("");
}
