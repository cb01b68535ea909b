/** Facts in the source of one file, whatever its path: the unit that is cached by blob id (phase 2.2). */

/** `type`: erased at run time. `reexport`: handed on. `module`: a file this one declares as its part (Rust's `mod`). */
export type ImportKind = "static" | "type" | "dynamic" | "require" | "reexport" | "module";

/** `name` is the other file's word (`*` the whole module, `default` its default), `as` the word here. */
export interface ImportedName {
  name: string;
  as: string;
}

export interface ImportFact {
  /** as written: `./a.js`, `..pkg.mod`, `crate::a`, `java.util.List` */
  specifier: string;
  kind: ImportKind;
  /** 1-based */
  line: number;
  names: ImportedName[];
}

export interface SymbolFact {
  /** nested ones carry the outer name: `Parser.parse` */
  name: string;
  kind: string;
  /** first and last line, 1-based */
  line: number;
  end: number;
  exported: boolean;
}

/** A name of this file or of an import, used. Kept once per place of use (`within`), with its first line. */
export interface UseFact {
  name: string;
  /** `member` of `name.member`, where `name` may stand for a module or package */
  member?: string;
  line: number;
  /** the top-level symbol around it; empty at the top level itself */
  within: string;
}

/** `symbol`: imports, symbols and uses. `definition`: symbols only. `file`: nothing but the file's existence. */
export type AnalysisDepth = "symbol" | "definition" | "file";

export interface CodeFacts {
  language: string;
  depth: AnalysisDepth;
  /** `partial`: the parser met errors and went on. `skipped`: not read, for `reason` */
  status: "ok" | "partial" | "skipped";
  reason?: string;
  /** the package the file says it belongs to (Go, Java) */
  package?: string;
  imports: ImportFact[];
  /** names that leave the file under another word, and CommonJS exports: `local` is the symbol or import behind it */
  exports: { name: string; local: string }[];
  symbols: SymbolFact[];
  uses: UseFact[];
}

export function emptyFacts(language: string, status: CodeFacts["status"], reason?: string): CodeFacts {
  const facts: CodeFacts = { language, depth: "file", status, imports: [], exports: [], symbols: [], uses: [] };
  return reason === undefined ? facts : { ...facts, reason };
}
