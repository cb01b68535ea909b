/** Reads one source file, knowing nothing of the others: what it imports, defines and uses. */
import type { AnalysisDepth, CodeFacts } from "../model/code-facts.ts";

export interface KnownLanguage {
  language: string;
  depth: AnalysisDepth;
}

export interface LanguageAnalyser {
  /** part of every cache key: facts made by another version are not read */
  readonly version: string;
  /** By the file's name alone; undefined means that only the file itself counts. */
  languageOf(path: string): KnownLanguage | undefined;
  /** Never fails: what cannot be read comes back as `partial` or `skipped`, with the reason. */
  facts(path: string, content: Uint8Array): Promise<CodeFacts>;
}
