/** A use whose meaning the combination changed: what it named before, and what it names now. */
import type { Place } from "../../code/references.ts";

/** One place of use, with what it meant to the task that wrote it. */
export interface BrokenUse {
  path: string;
  line: number;
  /** the word in that file; behind a dot after `of`, where it is a member of something imported */
  word: string;
  of?: string;
  /** the word under which its file gives it away */
  exported: string;
  was: Place;
}
