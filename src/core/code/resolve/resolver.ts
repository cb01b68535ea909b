/** Interface of every language's resolution: an import as written in a file → files of the repository. */
import type { CodeFacts, ImportFact } from "../../model/code-facts.ts";
import type { FileSet } from "../file-set.ts";

export interface Target {
  path: string;
  /** the import names this symbol of the file, not the file as a whole */
  symbol?: string;
  /** the imported name stands for the file itself: what is used is a member of it */
  module?: true;
}

export type FactsOf = (path: string) => CodeFacts | undefined;

/** Files an import leads to; empty when it leads out of the repository or nowhere. `factsOf` knows the files read so far. */
export type Resolver = (from: string, fact: ImportFact, factsOf: FactsOf) => Target[];

/** All that a resolver is made from: as long as these stay the same, it may serve one commit after the other. */
export interface ResolveContext {
  files: FileSet;
  /** texts of configuration files: manifests, compiler options */
  configuration: Map<string, string>;
}
