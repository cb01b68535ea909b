/** Ports of merging: git, the code's facts, texts with keys, and the programs an operator allows (phase 5.2). */
import type { CodeSources } from "../code/fact-reader.ts";
import type { MergeProgram } from "../ports/merge-program.ts";
import type { Repository } from "../ports/repository.ts";
import type { StructuredText } from "../ports/structured-text.ts";
import type { Judge } from "./judge/judge.ts";

export interface MergePorts extends CodeSources {
  repository: Repository;
  structuredText: StructuredText;
  mergeProgram: MergeProgram;
  /** absent where no checks may run: then a join that only they could prove is a proposal */
  judge?: Judge;
}
