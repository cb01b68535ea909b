/** Facts of a JavaScript or TypeScript file: the parser's module record, and the tokens for what the record does not tell. */
import type { CodeFacts, ImportFact, SymbolFact } from "../../../core/model/code-facts.ts";
import { RULES } from "../token-rules.ts";
import { tokenize } from "../tokenize.ts";
import type { Tokens } from "../tokens.ts";
import { fallbackRecord } from "../tree-sitter/javascript-fallback.ts";
import { usesIn } from "../uses.ts";
import { type Declaration, declarations } from "./declarations.ts";
import { nativeParser, type Parsed, parserName } from "./module-record.ts";
import { mayOverflow } from "./nesting.ts";
import { parseApart } from "./parse-apart.ts";
import { readRecord } from "./read-record.ts";
import { requireCalls } from "./require-calls.ts";
import { skeleton } from "./skeleton.ts";

/** Facts in the file's statements; from the native parser, else from the grammar that stands in for it. */
interface Statements {
  imports: ImportFact[];
  exports: { name: string; local: string }[];
  hasModuleSyntax: boolean;
  errors: number;
}

/** Undefined where no parser can be loaded. */
export async function javascriptFacts(path: string, text: string, language: string): Promise<CodeFacts | undefined> {
  const tokens = tokenize(text, RULES.javascript);
  try {
    const native = await nativeStatements(path, text, tokens);
    const statements = native?.errors === 0 ? native : richer(native, await fallbackRecord(path, text));
    return statements === undefined ? undefined : assemble(language, tokens, statements);
  } finally {
    tokens.release();
  }
}

/** Of a broken file, whichever parser got further. */
function richer(native: Statements | undefined, other: Statements | undefined): Statements | undefined {
  return native === undefined || (other?.imports.length ?? 0) > native.imports.length ? other : native;
}

/** Undefined where the native parser cannot be loaded, or did not survive the file. */
async function nativeStatements(path: string, text: string, tokens: Tokens): Promise<Statements | undefined> {
  const parse = await nativeParser();
  if (parse === undefined) return undefined;
  const name = parserName(path);
  const parsed = shortcut(parse, name, tokens) ?? (await wholeFile(parse, name, { text, tokens }));
  if (parsed === undefined) return undefined;
  const record = readRecord(parsed.module, (offset) => lineAt(tokens, offset));
  return { ...record, hasModuleSyntax: parsed.module.hasModuleSyntax, errors: parsed.errors };
}

type Parse = NonNullable<Awaited<ReturnType<typeof nativeParser>>>;

/** The file without what is inside its braces, when that is sound: then nothing else can matter for imports and exports. */
function shortcut(parse: Parse, name: string, tokens: Tokens): Parsed | undefined {
  const short = tokens.broken ? undefined : skeleton(tokens);
  if (short === undefined || (mayOverflow(tokens) && isRisky(short))) return undefined;
  const parsed = inProcess(parse(name, short));
  return parsed.errors === 0 ? parsed : undefined;
}

function isRisky(text: string): boolean {
  const tokens = tokenize(text, RULES.javascript);
  const risky = mayOverflow(tokens);
  tokens.release();
  return risky;
}

async function wholeFile(
  parse: Parse,
  name: string,
  { text, tokens }: { text: string; tokens: Tokens },
): Promise<Parsed | undefined> {
  return mayOverflow(tokens) ? parseApart(name, text) : inProcess(parse(name, text));
}

function inProcess(result: ReturnType<Parse>): Parsed {
  return { module: result.module, errors: result.errors.length };
}

function assemble(language: string, tokens: Tokens, statements: Statements): CodeFacts {
  const calls = requireCalls(tokens);
  const declared = declarations(tokens);
  const exports = [...statements.exports, ...(statements.hasModuleSyntax ? [] : calls.exports)];
  const exported = new Set(exports.map((entry) => entry.local));
  const names = new Set(declared.map((one) => one.name));
  const imports = [...statements.imports, ...calls.imports].sort((a, b) => a.line - b.line);
  return {
    language,
    depth: "symbol",
    ...(statements.errors > 0 ? { status: "partial", reason: "syntax errors" } : { status: "ok" }),
    imports,
    exports: exports.filter(({ name, local }) => name !== local || !names.has(local)),
    symbols: declared.map((one) => toSymbol(one, exported)),
    uses: usesIn(tokens, declared, wantedNames(imports, declared)),
  };
}

function toSymbol({ first: _first, last: _last, ...symbol }: Declaration, exported: Set<string>): SymbolFact {
  return { ...symbol, exported: exported.has(symbol.name) };
}

function wantedNames(imports: ImportFact[], declared: Declaration[]) {
  const bindings = imports.filter((fact) => fact.kind !== "reexport").flatMap((fact) => fact.names);
  const names = new Set([...bindings.map((name) => name.as), ...declared.map((symbol) => symbol.name)]);
  const modules = new Set(bindings.map((name) => name.as));
  return { names, modules, counts: isUse };
}

/** Not the name in an import clause or a declaration, and not a key: `{ name: … }`, `(name: Type)`. */
function isUse(tokens: Tokens, index: number): boolean {
  const before = tokens.word(index - 1);
  if (DECLARES.has(before)) return false;
  const next = tokens.punctuation(index + 1);
  const optional = next === "?" && tokens.punctuation(index + 2) === ":";
  if (next !== ":" && !optional) return !inImportClause(tokens, index);
  const mark = tokens.punctuation(index - 1);
  return mark !== "{" && mark !== "," && mark !== "(" && mark !== ";";
}

const DECLARES = new Set(["function", "class", "interface", "enum", "namespace", "const", "let", "var", "import"]);
const MAX_CLAUSE = 400;

/** Between `import` or `export` and its `from`: words, commas, one pair of braces and a star. */
function inImportClause(tokens: Tokens, index: number): boolean {
  let at = index - 1;
  for (const first = Math.max(0, index - MAX_CLAUSE); at >= first; at -= 1) {
    const word = tokens.word(at);
    if (word === "import") return true;
    if (word === "export") return clauseOfExport(tokens, at);
    if (word === "" && !"{,*".includes(tokens.punctuation(at) || " ")) return false;
  }
  return false;
}

function clauseOfExport(tokens: Tokens, at: number): boolean {
  const next = tokens.word(at + 1) === "type" ? tokens.punctuation(at + 2) : tokens.punctuation(at + 1);
  return next === "{" || next === "*";
}

function lineAt(tokens: Tokens, offset: number): number {
  let low = 0;
  let high = tokens.count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens.start(middle) < offset) low = middle + 1;
    else high = middle;
  }
  return tokens.line(low) || 1;
}
