/** One tree as the search for semantic conflicts sees it: what its code says, and its texts (phase 5.2). */
import { loadWithTargets } from "../../code/code-graph.ts";
import { CodeIndex } from "../../code/code-index.ts";
import type { CodeSources } from "../../code/fact-reader.ts";
import type { SymbolFact } from "../../model/code-facts.ts";

const MOST_SHOWN = 40;

export class Snapshot {
  readonly index: CodeIndex;
  readonly #texts = new Map<string, string | undefined>();

  private constructor(index: CodeIndex) {
    this.index = index;
  }

  /** Reads `paths` and what their imports lead to. */
  static async open(sources: CodeSources, tree: string, paths: string[]): Promise<Snapshot> {
    const index = await CodeIndex.open(sources, tree);
    await loadWithTargets(
      paths.filter((path) => index.files.has(path)),
      index,
    );
    return new Snapshot(index);
  }

  async text(path: string): Promise<string> {
    if (!this.#texts.has(path)) this.#texts.set(path, await this.index.text(path));
    return this.#texts.get(path) ?? "";
  }

  symbol(path: string, name: string): SymbolFact | undefined {
    return this.index.factsOf(path)?.symbols.find((symbol) => symbol.name === name);
  }

  /** The lines of a symbol, decorators and comments above it not included; undefined where there is no such symbol. */
  async source(path: string, name: string): Promise<string | undefined> {
    const symbol = this.symbol(path, name);
    if (symbol === undefined) return undefined;
    return (await this.text(path))
      .split("\n")
      .slice(symbol.line - 1, symbol.end)
      .join("\n");
  }

  /** For people: the symbol's first lines. */
  async excerpt(path: string, name: string): Promise<string | undefined> {
    const source = await this.source(path, name);
    return source?.split("\n").slice(0, MOST_SHOWN).join("\n");
  }
}
