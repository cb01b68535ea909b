/** Java: imports, types and their members, the package. */
import type { ImportFact } from "../../../core/model/code-facts.ts";
import { RULES } from "../token-rules.ts";
import type { LanguageReader } from "./assemble.ts";

const QUERY = `
(package_declaration [(scoped_identifier) (identifier)] @package)
(import_declaration) @import
(class_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(record_declaration name: (identifier) @name) @definition.record
(annotation_type_declaration name: (identifier) @name) @definition.annotation
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
`;

export const java: LanguageReader = {
  grammar: "java",
  query: QUERY,
  rules: RULES.java,
  exported: (_name, head) => !/\bprivate\b/.test(head.split("{")[0] ?? ""),
  imports: javaImports,
  everyName: () => (name) => /^\p{Lu}/u.test(name),
  isUse: (tokens, index) => !DECLARES.has(tokens.word(index - 1)),
};

const DECLARES = new Set(["class", "interface", "enum", "record", "package"]);

/** `import a.b.C;`, `import a.b.*;`, `import static a.b.C.m;` */
export function javaImports(text: string, line: number): ImportFact[] {
  const words = text
    .replace(/\/\*[\s\S]*?\*\//g, " ")
    .replace(/;[\s\S]*$/, "")
    .trim()
    .split(/\s+/);
  const isStatic = words[1] === "static";
  const path = words.slice(isStatic ? 2 : 1).join("");
  const segments = path.split(".");
  const last = segments.at(-1) ?? "";
  if (segments.length < 2) return [];
  const star = last === "*";
  const specifier = isStatic || star ? segments.slice(0, -1).join(".") : path;
  const names = star ? [{ name: "*", as: "*" }] : [{ name: last, as: last }];
  return [{ specifier, kind: "static", line, names }];
}
