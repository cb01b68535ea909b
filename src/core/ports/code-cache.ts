/** Remembers what was read from source, by content: another branch or worktree with the same file need not read it again. */
import type { CodeFacts } from "../model/code-facts.ts";

export interface CodeCache {
  /** Cached facts of these keys; nothing is ever an error: a cache that cannot be read is an empty one. */
  facts(keys: string[]): Promise<Map<string, CodeFacts>>;
  keepFacts(facts: Map<string, CodeFacts>): Promise<void>;
  /** A text kept under a name that says all it depends on, such as a resolved graph under its tree. */
  text(name: string): Promise<string | undefined>;
  keepText(name: string, text: string): Promise<void>;
}
