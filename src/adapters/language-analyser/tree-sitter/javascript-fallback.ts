/** JavaScript and TypeScript where the native parser cannot be loaded, or gave up: the grammar's imports, the tokens' everything else. */
import type { ImportedName, ImportFact } from "../../../core/model/code-facts.ts";
import type { Parsed } from "../javascript/module-record.ts";
import { grammarOf } from "./grammar.ts";

const QUERY = `
(program (import_statement) @import)
(program (export_statement) @export)
`;

export interface FallbackRecord {
  imports: ImportFact[];
  exports: { name: string; local: string }[];
  hasModuleSyntax: boolean;
  errors: Parsed["errors"];
}

/** Undefined where WebAssembly cannot be loaded either. */
export async function fallbackRecord(path: string, text: string): Promise<FallbackRecord | undefined> {
  const jsx = /\.(tsx|jsx|js|mjs|cjs)$/i.test(path);
  const grammar = await grammarOf(jsx ? "tsx" : "typescript", QUERY);
  return grammar?.matches(text, (matches, hasError) => {
    const record: FallbackRecord = { imports: [], exports: [], hasModuleSyntax: false, errors: hasError ? 1 : 0 };
    for (const { name, node } of matches.flat()) {
      record.hasModuleSyntax = true;
      const line = node.startPosition.row + 1;
      if (name === "import") record.imports.push(...importOf(node.text, line));
      else exportOf(node.text, line, record);
    }
    return record;
  });
}

function importOf(text: string, line: number): ImportFact[] {
  const specifier = /["']([^"'\n]*)["']\s*(?:(?:with|assert)\s*\{[^}]*\})?\s*;?\s*$/.exec(text)?.[1];
  if (specifier === undefined || /^import\s+\w+\s*=/.test(text)) return [];
  const clause = text.slice("import".length, Math.max(text.lastIndexOf("from"), "import".length)).trim();
  const kind = clause.startsWith("type ") ? ("type" as const) : ("static" as const);
  return [{ specifier, kind, line, names: clauseNames(clause.replace(/^type /, "")) }];
}

/** `d, { a as b, type c }`, `* as ns` */
function clauseNames(clause: string): ImportedName[] {
  const braces = /\{([\s\S]*)\}/.exec(clause)?.[1] ?? "";
  const outside = clause.replace(/\{[\s\S]*\}/, "");
  const plain = outside.split(",").flatMap((part): ImportedName[] => {
    const words = part.trim().split(/\s+/);
    if (words[0] === "*") return [{ name: "*", as: words[2] ?? "" }];
    return words[0] === undefined || words[0] === "" ? [] : [{ name: "default", as: words[0] }];
  });
  return [...plain, ...listNames(braces)].filter(({ as }) => as !== "");
}

function listNames(list: string): ImportedName[] {
  return list.split(",").flatMap((part): ImportedName[] => {
    const words = part
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "type" && word !== "");
    const [name = "", , as = name] = words;
    return name === "" ? [] : [{ name, as }];
  });
}

function exportOf(text: string, line: number, record: FallbackRecord): void {
  const specifier = /\bfrom\s*["']([^"'\n]*)["']\s*;?\s*$/.exec(text)?.[1];
  const star = /^export\s+(?:type\s+)?\*(?:\s+as\s+(\w+))?/.exec(text);
  const list = /^export\s+(?:type\s+)?\{([^}]*)\}/.exec(text)?.[1];
  if (specifier !== undefined && (star !== null || list !== undefined)) {
    const names = star === null ? listNames(list ?? "") : [{ name: "*", as: star[1] ?? "*" }];
    record.imports.push({ specifier, kind: "reexport", line, names });
  } else if (list !== undefined) {
    record.exports.push(...listNames(list).map(({ name, as }) => ({ name: as, local: name })));
  } else exportedDeclaration(text, record);
}

function exportedDeclaration(text: string, { exports }: FallbackRecord): void {
  const found =
    /^export\s+(default\s+)?(?:declare\s+|async\s+|abstract\s+)*(?:function\s*\*?|class|interface|enum|namespace|type|const enum|const|let|var)\s+([\w$]+)/.exec(
      text,
    );
  if (found?.[2] !== undefined) exports.push({ name: found[1] === undefined ? found[2] : "default", local: found[2] });
  else if (/^export\s+default\b/.test(text)) exports.push({ name: "default", local: "default" });
}
