/** A decision that a person owes a run, in one form whatever it is about: a conflict, or a task's request for more files. */
export interface Question {
  /** id of the conflict or of the scope request */
  question_id: string;
  kind: "conflict" | "scope";
  tasks: string[];
  /** the question with everything needed to answer it, cut to a screen */
  text: string;
  /** answers that need no text of the person's own */
  choices: readonly string[];
  /** the whole file as it would be merged, with conflict markers where that is not decided; absent for what is no text */
  proposal?: string;
}
