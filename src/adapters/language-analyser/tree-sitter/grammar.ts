/** Loads a tree-sitter grammar with the query that finds a language's definitions and imports; each once per process. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Language, type Node, Parser, Query } from "web-tree-sitter";

export interface Found {
  /** the capture's name in the query */
  name: string;
  node: Node;
}

export interface Grammar {
  /** Matches of the query, in the order of the source, one list per match. `use` must not keep nodes. */
  matches<T>(text: string, use: (matches: Found[][], hasError: boolean) => T): T;
}

/** Nothing people write takes a hundredth of it. */
const TIME_LIMIT_MS = 10_000;

const loaded = new Map<string, Promise<Grammar | undefined>>();
let runtime: Promise<void> | undefined;

/** Undefined where WebAssembly or the grammar cannot be loaded. */
export function grammarOf(name: string, query: string): Promise<Grammar | undefined> {
  const known = loaded.get(name) ?? load(name, query).catch(() => undefined);
  loaded.set(name, known);
  return known;
}

async function load(name: string, source: string): Promise<Grammar> {
  runtime ??= Parser.init();
  await runtime;
  const manifest = createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/package.json");
  const wasm = await readFile(join(dirname(manifest), "wasm", `tree-sitter-${name}.wasm`));
  const language = await Language.load(wasm);
  const parser = new Parser();
  parser.setLanguage(language);
  const query = new Query(language, source);
  return {
    matches(text, use) {
      const deadline = performance.now() + TIME_LIMIT_MS;
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
      if (tree === null) {
        parser.reset();
        throw new Error(`it took longer than ${TIME_LIMIT_MS / 1_000} s`);
      }
      try {
        const found = query.matches(tree.rootNode).map((match) => match.captures);
        return use(found, tree.rootNode.hasError);
      } finally {
        tree.delete();
      }
    },
  };
}
