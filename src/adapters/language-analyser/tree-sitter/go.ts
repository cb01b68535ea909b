/** Go: import specs, functions, methods under their receiver, types, constants and variables of a package. */
import type { ImportFact } from "../../../core/model/code-facts.ts";
import { RULES } from "../token-rules.ts";
import { STRING, type Tokens } from "../tokens.ts";
import type { LanguageReader } from "./assemble.ts";

const QUERY = `
(package_clause (package_identifier) @package)
(import_spec) @import
(source_file (function_declaration name: (identifier) @name) @definition.function)
(source_file (method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (pointer_type (type_identifier) @owner)
    (generic_type type: (type_identifier) @owner)
    (pointer_type (generic_type type: (type_identifier) @owner))]))
  name: (field_identifier) @name) @definition.method)
(source_file (type_declaration (type_spec name: (type_identifier) @name) @definition.type))
(source_file (type_declaration (type_alias name: (type_identifier) @name) @definition.type))
(source_file (const_declaration (const_spec name: (identifier) @name) @definition.const))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.variable)))
`;

export const go: LanguageReader = {
  grammar: "go",
  query: QUERY,
  rules: RULES.go,
  exported: (name) => /^\p{Lu}/u.test(name.slice(name.indexOf(".") + 1)),
  imports: goImports,
  everyName: () => () => true,
  isUse: (tokens, index) => !isKey(tokens, index),
};

/** `name "path"`, `. "path"`, `"path"` */
export function goImports(text: string, line: number): ImportFact[] {
  const found = /^\s*(\S*?)\s*["`]([^"`]+)["`]/.exec(text);
  if (found === null) return [];
  const [, alias = "", specifier = ""] = found;
  const as = alias === "." ? "*" : alias === "" ? packageName(specifier) : alias;
  return [{ specifier, kind: "static", line, names: as === "_" ? [] : [{ name: "*", as }] }];
}

/** By custom the last part of the path, a major version left out. */
function packageName(path: string): string {
  const segments = path.split("/");
  const last = segments.at(-1) ?? path;
  const name = /^v\d+$/.test(last) ? (segments.at(-2) ?? last) : last;
  return name.replace(/\.v\d+$/, "").replace(/^go-/, "");
}

/** `Field: value` in a composite literal, the name after `func` or `type`, the alias before an import's path. */
function isKey(tokens: Tokens, index: number): boolean {
  const before = tokens.word(index - 1);
  if (before === "func" || before === "type" || before === "package") return true;
  if (tokens.kind(index + 1) === STRING && tokens.line(index) === tokens.line(index + 1)) return true;
  const colon = tokens.punctuation(index + 1) === ":" && tokens.punctuation(index + 2) !== "=";
  return colon && ["{", ","].includes(tokens.punctuation(index - 1));
}
