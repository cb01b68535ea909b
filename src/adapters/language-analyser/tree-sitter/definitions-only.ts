/** Languages that are read for their definitions alone: C#, C and C++, PHP, Ruby. */
import { type CodeFacts, emptyFacts } from "../../../core/model/code-facts.ts";
import { definitionsIn, toSymbols } from "./definitions.ts";
import { grammarOf } from "./grammar.ts";

const QUERIES: Record<string, { grammar: string; query: string }> = {
  "c-sharp": {
    grammar: "c-sharp",
    query: `
(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(struct_declaration name: (identifier) @name) @definition.struct
(record_declaration name: (identifier) @name) @definition.record
(enum_declaration name: (identifier) @name) @definition.enum
(method_declaration name: (identifier) @name) @definition.method`,
  },
  cpp: {
    grammar: "cpp",
    query: `
(class_specifier name: (type_identifier) @name body: (_)) @definition.class
(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(function_definition declarator: (function_declarator declarator: [(identifier) (field_identifier) (qualified_identifier)] @name)) @definition.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @definition.function`,
  },
  php: {
    grammar: "php",
    query: `
(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(function_definition name: (name) @name) @definition.function
(method_declaration name: (name) @name) @definition.method`,
  },
  ruby: {
    grammar: "ruby",
    query: `
(class name: (_) @name) @definition.class
(module name: (_) @name) @definition.module
(method name: (_) @name) @definition.method
(singleton_method name: (_) @name) @definition.method`,
  },
};

export async function definitionFacts(language: string, text: string): Promise<CodeFacts | undefined> {
  const known = Object.hasOwn(QUERIES, language) ? QUERIES[language] : undefined;
  const grammar = known === undefined ? undefined : await grammarOf(known.grammar, known.query);
  if (grammar === undefined) return undefined;
  return grammar.matches(text, (matches, hasError): CodeFacts => {
    const symbols = toSymbols(definitionsIn(matches, () => true));
    const facts = hasError ? emptyFacts(language, "partial", "syntax errors") : emptyFacts(language, "ok");
    return { ...facts, depth: "definition", symbols };
  });
}
