/** Programs outside that may merge or write a file, each only where the operator's settings allow it. */

export interface MergeProgram {
  /** Merge by `mergiraf` of three versions of a source file; undefined when it is not installed or left a conflict. */
  mergiraf(path: string, sides: { base: string; ours: string; theirs: string }): Promise<string | undefined>;
  /**
   * Runs `command` in a folder of its own that holds `files`, and returns the text of `wanted` afterwards; undefined when the command
   * is not installed, fails or leaves no such file.
   */
  regenerate(command: string[], files: Map<string, string>, wanted: string): Promise<string | undefined>;
}
