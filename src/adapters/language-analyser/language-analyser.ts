/** The language-analyser port: picks the reader by the file's name, and turns whatever goes wrong into a fact about the file. */
import { type CodeFacts, emptyFacts } from "../../core/model/code-facts.ts";
import type { LanguageAnalyser } from "../../core/ports/language-analyser.ts";
import { decodeSource } from "./decode-source.ts";
import { componentFacts } from "./javascript/component-facts.ts";
import { javascriptFacts } from "./javascript/javascript-facts.ts";
import { isComponent, languageOf } from "./languages.ts";
import { type LanguageReader, treeSitterFacts } from "./tree-sitter/assemble.ts";
import { definitionFacts } from "./tree-sitter/definitions-only.ts";
import { go } from "./tree-sitter/go.ts";
import { java } from "./tree-sitter/java.ts";
import { python } from "./tree-sitter/python.ts";
import { rust } from "./tree-sitter/rust.ts";

/** To be raised whenever the facts change in shape or meaning. */
const VERSION = "4";

export function languageAnalyser(): LanguageAnalyser {
  return { version: VERSION, languageOf, facts };
}

async function facts(path: string, content: Uint8Array): Promise<CodeFacts> {
  const known = languageOf(path);
  if (known === undefined || known.depth === "file") return emptyFacts(known?.language ?? "other", "ok");
  const decoded = decodeSource(content);
  if ("skipped" in decoded) return emptyFacts(known.language, "skipped", decoded.skipped);
  try {
    const found = await read(path, decoded.text, known.language);
    if (found === undefined) return emptyFacts(known.language, "skipped", "its parser cannot be loaded here");
    return decoded.note === undefined ? found : { ...found, status: "partial", reason: decoded.note };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return emptyFacts(known.language, "skipped", `the parser failed: ${why.slice(0, 200)}`);
  }
}

const READERS: Record<string, LanguageReader> = { python, go, rust, java };

async function read(path: string, text: string, language: string): Promise<CodeFacts | undefined> {
  if (isComponent(language)) return componentFacts(text, language);
  if (language === "javascript" || language === "typescript") return javascriptFacts(path, text, language);
  const reader = Object.hasOwn(READERS, language) ? READERS[language] : undefined;
  return reader === undefined ? definitionFacts(language, text) : treeSitterFacts(language, text, reader);
}
