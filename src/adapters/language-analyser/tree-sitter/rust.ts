/** Rust: `mod`, `use` trees, paths written out in code, and items; methods under the type of their `impl`. */
import type { CodeFacts, ImportFact } from "../../../core/model/code-facts.ts";
import { RULES } from "../token-rules.ts";
import { IDENTIFIER, type Tokens } from "../tokens.ts";
import type { LanguageReader, Surroundings } from "./assemble.ts";
import { useTree } from "./rust-use-tree.ts";

const QUERY = `
(use_declaration) @import
(extern_crate_declaration) @import
(mod_item !body) @import
(mod_item body: (declaration_list) @inline)
(mod_item name: (identifier) @name body: (declaration_list)) @definition.module
(function_item name: (identifier) @name) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(struct_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enum
(union_item name: (type_identifier) @name) @definition.union
(trait_item name: (type_identifier) @name) @definition.trait
(type_item name: (type_identifier) @name) @definition.type
(const_item name: (identifier) @name) @definition.const
(static_item name: (identifier) @name) @definition.static
(macro_definition name: (identifier) @name) @definition.macro
(impl_item type: [(type_identifier) @name (generic_type type: (type_identifier) @name)]) @scope
`;

export const rust: LanguageReader = {
  grammar: "rust",
  query: QUERY,
  rules: RULES.rust,
  exported: (_name, head) => /^\s*pub\b/.test(head),
  imports: rustImports,
  everyName: ({ imports }) =>
    imports.some((fact) => fact.names.some((name) => name.as === "*")) ? () => true : undefined,
  isUse: (tokens, index) =>
    !DECLARES.has(tokens.word(index - 1)) && !afterColons(tokens, index) && !isUseLine(tokens, index),
  inCode: writtenOut,
};

const DECLARES = new Set(["fn", "struct", "enum", "trait", "mod", "type", "const", "static", "union", "impl"]);

function rustImports(text: string, line: number, inside: number): ImportFact[] {
  const plain = text
    .replace(/\/\/[^\n]*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const isPublic = plain.startsWith("pub");
  const words = plain
    .replace(/^pub ?(\([^)]*\))? ?/, "")
    .replace(/;$/, "")
    .trim();
  if (words.startsWith("mod ")) {
    const name = words.slice(4).trim();
    return [{ specifier: name, kind: "module", line, names: [{ name: "*", as: name }] }];
  }
  if (words.startsWith("extern crate ")) {
    const [name = "", , as = name] = words.slice("extern crate ".length).split(" ");
    return [{ specifier: name, kind: "static", line, names: [{ name: "*", as }] }];
  }
  if (!words.startsWith("use ")) return [];
  return useTree(words.slice(4)).map(({ path, as }) => {
    const kind = isPublic ? ("reexport" as const) : ("static" as const);
    const name = as === "*" ? "*" : (path.split("::").at(-1) ?? path);
    return { specifier: fromFile(path, inside), kind, line, names: as === "_" ? [] : [{ name, as }] };
  });
}

/** Seen from the file: in a module written inside it, `super` is the file itself, and `self` a part of it. */
function fromFile(path: string, inside: number): string {
  let rest = path;
  for (let left = inside; left > 0 && /^super(::|$)/.test(rest); left -= 1) {
    const above = rest.slice("super::".length);
    rest = left > 1 && above.startsWith("super") ? above : `self${above === "" ? "" : "::"}${above}`;
    if (rest.startsWith("self")) break;
  }
  return rest;
}

function afterColons(tokens: Tokens, index: number): boolean {
  return tokens.punctuation(index - 1) === ":" && tokens.punctuation(index - 2) === ":";
}

/** `crate::a::f()`, `super::b::C`, `module::g()`: a path in code is an import and a use in one. */
function writtenOut(
  tokens: Tokens,
  known: ImportFact[],
  { within, inside }: Surroundings,
): Pick<CodeFacts, "imports" | "uses"> {
  const bound = new Set(known.flatMap((fact) => fact.names).map((name) => name.as));
  const found = new Map<string, ImportFact>();
  const uses = new Map<string, CodeFacts["uses"][number]>();
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kind(index) !== IDENTIFIER || afterColons(tokens, index) || bound.has(tokens.word(index))) continue;
    const path = pathAt(tokens, index);
    if (path.length < 2 || (!ROOTS.has(path[0] ?? "") && !/^[a-z_]/.test(path[0] ?? "")) || isUseLine(tokens, index))
      continue;
    const specifier = fromFile(path.join("::"), inside(index));
    const line = tokens.line(index);
    const around = within(index);
    const names = [{ name: path.at(-1) ?? "", as: specifier }];
    if (!found.has(specifier)) found.set(specifier, { specifier, kind: "static", line, names });
    uses.set(`${around}\n${specifier}`, { name: specifier, line, within: around });
  }
  return { imports: [...found.values()], uses: [...uses.values()] };
}

const ROOTS = new Set(["crate", "self", "super"]);

function pathAt(tokens: Tokens, index: number): string[] {
  const path = [tokens.word(index)];
  for (let at = index + 1; tokens.punctuation(at) === ":" && tokens.punctuation(at + 1) === ":"; at += 3) {
    if (tokens.kind(at + 2) !== IDENTIFIER) break;
    path.push(tokens.word(at + 2));
  }
  return path;
}

/** Within `use …;`, which the grammar has read already. */
function isUseLine(tokens: Tokens, index: number): boolean {
  for (let at = index - 1; at >= Math.max(0, index - 300); at -= 1) {
    if (tokens.word(at) === "use") return true;
    const mark = tokens.punctuation(at);
    if (mark !== "" && !"{},:*".includes(mark)) return false;
    if (mark === "" && tokens.kind(at) !== IDENTIFIER) return false;
  }
  return false;
}
