/** A semantic conflict before it is put to a person: what does not fit, where it is used or added, and how sure that is (phase 5.2). */
import type { SemanticKind, SemanticPlace } from "../../model/conflict.ts";

export interface Finding {
  kind: SemanticKind;
  symbol: string;
  /** the file with the use, or with the second addition, and its line */
  path: string;
  line: number;
  confidence: number;
  why: string;
  other: SemanticPlace;
  /** whose file `path` is: what was integrated before, or the task being merged */
  side: "ours" | "theirs";
  /** the file at `path` with the use put right, where that is plain */
  proposal?: string;
}
