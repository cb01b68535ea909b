/** What every language's resolution looks like from outside: an import as written in a file → files of the repository. */
import type { CodeFacts, ImportFact } from "../../model/code-facts.ts";
import type { FileSet } from "../file-set.ts";

export interface Target {
  path: string;
  /** the import names this symbol of the file, not the file as a whole */
  symbol?: string;
  /** the imported name stands for the file itself: what is used is a member of it */
  module?: true;
}

/** Files an import leads to; empty when it leads out of the repository or nowhere. */
export type Resolver = (from: string, fact: ImportFact) => Target[];

export interface ResolveContext {
  files: FileSet;
  /** texts of configuration files: manifests, compiler options */
  configuration: Map<string, string>;
  /** facts of a file, where they are known */
  factsOf(path: string): CodeFacts | undefined;
}
