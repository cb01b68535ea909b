/** Names that a task newly relies on: it uses or imports them more often than the file it started from did (phase 5.2). */
import type { CodeFacts, ImportFact, UseFact } from "../../model/code-facts.ts";
import { countWord, escaped, plainCode } from "./code-text.ts";

/** One file before and after a task; both empty where there is none. */
export interface FileVersions {
  before: { facts: CodeFacts | undefined; text: string };
  after: { facts: CodeFacts; text: string };
}

export interface FreshName {
  use: UseFact;
  /** set when the name is imported: the statement, and the exported word */
  imported?: { fact: ImportFact; name: string } | undefined;
}

/** Uses first, then imports nothing of the file uses; each name once. */
export function freshNames(versions: FileVersions): FreshName[] {
  const { before, after } = versions;
  const language = after.facts.language;
  const code = { before: plainCode(before.text, language), after: plainCode(after.text, language) };
  const grew = (word: string): boolean => countWord(code.after, word) > countWord(code.before, word);
  const known = new Set(before.facts?.uses.map(keyOf));
  const uses = after.facts.uses.filter((use) => grew(use.member ?? use.name) && !isLocal(use, after, language));
  const fresh = uses.filter((use) => !known.has(keyOf(use)));
  const found = [...fresh, ...uses.filter((use) => !fresh.some((one) => one.name === use.name))];
  return [...found.map((use) => ({ use })), ...freshImports(versions)];
}

function keyOf({ name, member, within }: UseFact): string {
  return `${name}\n${member ?? ""}\n${within}`;
}

/** Imported names that were not imported from there before. */
function freshImports({ before, after }: FileVersions): FreshName[] {
  const known = new Set(
    before.facts?.imports.flatMap((fact) => fact.names.map((name) => `${fact.specifier}\n${name.name}`)),
  );
  return after.facts.imports.flatMap((fact) =>
    fact.names
      .filter((name) => !known.has(`${fact.specifier}\n${name.name}`))
      .map(({ name, as }) => ({ use: { name: as, line: fact.line, within: "" }, imported: { fact, name } })),
  );
}

/** Where a package shares its names (Go), a function may have a variable or parameter of the same name. */
function isLocal({ name, within }: UseFact, { facts, text }: FileVersions["after"], language: string): boolean {
  if (language !== "go") return false;
  const symbol = facts.symbols.find((one) => one.name === within || one.name.startsWith(`${within}.`));
  if (symbol === undefined) return false;
  const source = text
    .split("\n")
    .slice(symbol.line - 1, symbol.end)
    .join("\n");
  const word = escaped(name);
  return new RegExp(
    `(?<![\\w.])${word}\\s*(?:,\\s*\\w+\\s*)*:=|,\\s*${word}\\s*:=|\\bvar\\s+${word}\\b|[(,]\\s*${word}\\s+[\\w*\\[.]`,
  ).test(plainCode(source, language));
}
