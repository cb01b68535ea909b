/** Python: `import`, `from … import`, functions, classes and module-level names. */
import type { ImportedName, ImportFact } from "../../../core/model/code-facts.ts";
import { RULES } from "../token-rules.ts";
import type { Tokens } from "../tokens.ts";
import type { LanguageReader } from "./assemble.ts";

const QUERY = `
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
(function_definition name: (identifier) @name) @definition.function
(class_definition name: (identifier) @name) @definition.class
(module (expression_statement (assignment left: (identifier) @name)) @definition.variable)
(module (expression_statement (assignment left: (pattern_list (identifier) @name))) @definition.variable)
`;

export const python: LanguageReader = {
  grammar: "python",
  query: QUERY,
  rules: RULES.python,
  exported: (name) => !name.startsWith("_"),
  imports: pythonImports,
  everyName: ({ imports }) =>
    imports.some((fact) => fact.names.some((name) => name.as === "*")) ? () => true : undefined,
  isUse,
};

/** `import a.b as c, d` or `from ..x import (y as z, w)`, comments and line breaks included. */
export function pythonImports(text: string, line: number): ImportFact[] {
  const plain = text
    .replace(/#[^\n]*/g, " ")
    .replace(/[\\()\s]+/g, " ")
    .trim();
  const kind = "static" as const;
  if (plain.startsWith("import ")) {
    return parts(plain.slice("import ".length)).map(({ name, as }) => {
      const local = as ?? name.split(".")[0] ?? name;
      return { specifier: name, kind, line, names: [{ name: "*", as: local }] };
    });
  }
  const at = plain.indexOf(" import ", 4);
  const list = at === -1 ? plain.indexOf(" import", 4) : at;
  if (!plain.startsWith("from ") || list === -1) return [];
  const specifier = plain.slice(5, list).replaceAll(" ", "");
  const names = parts(plain.slice(list + " import ".length)).map(({ name, as }): ImportedName => {
    return { name, as: as ?? name };
  });
  return [{ specifier, kind, line, names }];
}

function parts(list: string): { name: string; as: string | undefined }[] {
  return list.split(",").flatMap((part) => {
    const [name = "", word, as] = part.trim().split(" ");
    return name === "" ? [] : [{ name, as: word === "as" ? as : undefined }];
  });
}

/** Not in an import, not the name after `def` or `class`, not a keyword argument's name. */
function isUse(tokens: Tokens, index: number): boolean {
  const before = tokens.word(index - 1);
  if (before === "def" || before === "class" || inImport(tokens, index)) return false;
  const keyword = tokens.punctuation(index + 1) === "=" && tokens.punctuation(index + 2) !== "=";
  return !(keyword && [",", "("].includes(tokens.punctuation(index - 1)));
}

function inImport(tokens: Tokens, index: number): boolean {
  for (let at = index - 1; at >= Math.max(0, index - 400); at -= 1) {
    const word = tokens.word(at);
    if (word === "import") return true;
    if (word === "from") return tokens.word(at - 1) !== "yield" && tokens.word(at - 1) !== "raise";
    const mark = tokens.punctuation(at);
    if (word === "" && mark !== "," && mark !== "(" && mark !== ".") return false;
    if (tokens.line(at) !== tokens.line(at + 1) && mark === "") return false;
  }
  return false;
}
