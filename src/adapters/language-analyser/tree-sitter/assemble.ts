/** Common part of the tree-sitter languages: definitions and imports from one query, uses from the tokens. */
import { type CodeFacts, emptyFacts, type ImportFact } from "../../../core/model/code-facts.ts";
import type { TokenRules } from "../token-rules.ts";
import { tokenize } from "../tokenize.ts";
import { IDENTIFIER, type Tokens } from "../tokens.ts";
import { usesIn } from "../uses.ts";
import { type Definition, definitionsIn, regionsOf, toSymbols } from "./definitions.ts";
import { type Found, grammarOf } from "./grammar.ts";

export interface LanguageReader {
  grammar: string;
  query: string;
  rules: TokenRules;
  exported(name: string, head: string): boolean;
  /** `text` is what `@import` caught; `inside` is how many inline modules (`@inline`) hold it */
  imports(text: string, line: number, inside: number): ImportFact[];
  /** the file's package, where the language has such a line; from `@package` */
  hasPackage?: boolean;
  /** all names count, because some come from the surroundings (same package, star imports) */
  everyName(facts: Pick<CodeFacts, "imports">): ((name: string) => boolean) | undefined;
  /** is the word at this place a key or a declaration? */
  isUse(tokens: Tokens, index: number): boolean;
  /** further imports that only the tokens show, with their uses */
  inCode?(tokens: Tokens, known: ImportFact[], around: Surroundings): Pick<CodeFacts, "imports" | "uses">;
}

/** Undefined where the grammar cannot be loaded. */
export async function treeSitterFacts(
  language: string,
  text: string,
  reader: LanguageReader,
): Promise<CodeFacts | undefined> {
  const grammar = await grammarOf(reader.grammar, reader.query);
  if (grammar === undefined) return undefined;
  const tokens = tokenize(text, reader.rules);
  try {
    if (depthOf(tokens) > MAX_DEPTH)
      return emptyFacts(language, "skipped", `nested more than ${MAX_DEPTH} levels deep`);
    const read = grammar.matches(text, (matches, hasError) => ({ ...structure(matches, reader), hasError }));
    return assemble(language, { ...read, tokens }, reader);
  } finally {
    tokens.release();
  }
}

/** The parser gets slow, not wrong, far beyond this. */
const MAX_DEPTH = 2_000;

function depthOf(tokens: Tokens): number {
  let depth = 0;
  let most = 0;
  for (let index = 0; index < tokens.count; index += 1) {
    const code = tokens.code(index);
    if (code === 40 || code === 91 || code === 123) most = Math.max(most, ++depth);
    else if (code === 41 || code === 93 || code === 125) depth = Math.max(0, depth - 1);
  }
  return most;
}

export interface Surroundings {
  /** the top-level symbol around a token */
  within(index: number): string;
  /** how many inline modules hold it */
  inside(index: number): number;
}

interface Structure {
  inside(at: number): number;
  definitions: Definition[];
  imports: ImportFact[];
  package: string | undefined;
}

function structure(matches: Found[][], reader: LanguageReader): Structure {
  const found = matches.flat();
  const inline = found
    .filter((one) => one.name === "inline")
    .map(({ node }) => [node.startIndex, node.endIndex] as const);
  const inside = (at: number): number => inline.filter(([from, to]) => from < at && at < to).length;
  const imports = found
    .filter((one) => one.name === "import")
    .flatMap(({ node }) => reader.imports(node.text, node.startPosition.row + 1, inside(node.startIndex)))
    .filter((fact) => fact.specifier !== "" && fact.names.every((name) => name.as !== ""));
  const named = found.find((one) => one.name === "package")?.node.text;
  return { definitions: definitionsIn(matches, reader.exported), imports, package: named, inside };
}

function assemble(
  language: string,
  read: Structure & { tokens: Tokens; hasError: boolean },
  reader: LanguageReader,
): CodeFacts {
  const { definitions, tokens } = read;
  const regions = regionsOf(definitions, tokens);
  const within = (index: number): string =>
    regions.find((region) => region.first <= index && index < region.last)?.name ?? "";
  const more = reader.inCode?.(tokens, read.imports, {
    within,
    inside: (index) => read.inside(tokens.start(index)),
  }) ?? { imports: [], uses: [] };
  const uses = usesIn(tokens, regions, wantedNames(read, reader));
  return {
    language,
    depth: "symbol",
    ...(read.hasError ? { status: "partial", reason: "syntax errors" } : { status: "ok" }),
    ...(read.package === undefined ? {} : { package: read.package }),
    imports: [...read.imports, ...more.imports],
    exports: [],
    symbols: toSymbols(definitions),
    uses: [...uses, ...more.uses],
  };
}

function wantedNames({ definitions, imports, tokens }: Structure & { tokens: Tokens }, reader: LanguageReader) {
  const bindings = new Set(imports.flatMap((fact) => fact.names).map((name) => name.as));
  const names = new Set([...bindings, ...definitions.map((definition) => definition.name)]);
  const all = reader.everyName({ imports });
  if (all !== undefined) {
    for (let index = 0; index < tokens.count; index += 1) {
      if (tokens.kind(index) === IDENTIFIER && all(tokens.word(index))) names.add(tokens.word(index));
    }
  }
  const counts = (list: Tokens, index: number): boolean => reader.isUse(list, index);
  return { names, modules: bindings, counts };
}
