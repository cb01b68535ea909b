/** Facts of a component in one file (Vue, Svelte, Astro): its scripts are read where they stand, its markup for the names it uses. */
import type { CodeFacts, UseFact } from "../../../core/model/code-facts.ts";
import { javascriptFacts } from "./javascript-facts.ts";

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
/** An Astro component begins with its script between two lines of dashes. */
const FENCE = /^\s*---\r?\n([\s\S]*?)\r?\n---(?=\r?\n|$)/;
const STYLE = /<style\b[^>]*>[\s\S]*?<\/style\s*>/gi;
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$-]*/gu;

/** Undefined where no parser can be loaded. A script that does not end makes the file `partial`. */
export async function componentFacts(text: string, language: string): Promise<CodeFacts | undefined> {
  const { script, markup, isCut } = partsOf(text, language);
  // Types are read in any case: to a parser that knows them, plain JavaScript is the same.
  const facts = await javascriptFacts("component.ts", script, language);
  if (facts === undefined) return undefined;
  const uses = [...facts.uses, ...markupUses(markup, facts)];
  const exports = facts.exports.some(({ name }) => name === "default")
    ? facts.exports
    : [...facts.exports, { name: "default", local: "default" }];
  const whole = { ...facts, uses, exports };
  return isCut ? { ...whole, status: "partial", reason: "a script that does not end" } : whole;
}

/** Scripts and markup, each as long as the file and with the other one blank, so that every line stays where it is. */
function partsOf(text: string, language: string): { script: string; markup: string; isCut: boolean } {
  const found: [number, number][] = [];
  const fence = language === "astro" ? FENCE.exec(text) : null;
  if (fence !== null) found.push(spanOf(fence, fence[1] ?? ""));
  for (const match of text.matchAll(SCRIPT)) {
    if (!/\bsrc\s*=/.test(match[1] ?? "")) found.push(spanOf(match, match[2] ?? ""));
  }
  const opened = text.match(/<script\b/gi)?.length ?? 0;
  const closed = text.match(/<\/script/gi)?.length ?? 0;
  let script = "";
  let markup = "";
  let at = 0;
  for (const [from, to] of found.sort((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    script += blank(text.slice(at, from)) + text.slice(from, to);
    markup += text.slice(at, from) + blank(text.slice(from, to));
    at = to;
  }
  script += blank(text.slice(at));
  markup += text.slice(at);
  return { script, markup: markup.replace(STYLE, blank), isCut: opened > closed };
}

function spanOf(match: RegExpExecArray, inside: string): [number, number] {
  const from = match.index + match[0].indexOf(inside, startOfInside(match[0]));
  return [from, from + inside.length];
}

/** Behind the opening tag, or behind the first line of dashes. */
function startOfInside(whole: string): number {
  return whole.startsWith("<") ? whole.indexOf(">") + 1 : whole.indexOf("---") + 3;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

/** Names of the script that the markup uses: in expressions, and as elements, whose names may be written with dashes. */
function markupUses(markup: string, facts: CodeFacts): UseFact[] {
  const known = new Set([
    ...facts.imports.flatMap(({ names }) => names.map(({ as }) => as)),
    ...facts.symbols.map(({ name }) => name),
  ]);
  const seen = new Set<string>();
  const uses: UseFact[] = [];
  for (const [index, line] of markup.split("\n").entries()) {
    for (const [word] of line.matchAll(WORD)) {
      for (const name of [word.replace(/-.*/, ""), pascal(word)]) {
        if (!known.has(name) || seen.has(name)) continue;
        seen.add(name);
        uses.push({ name, line: index + 1, within: "" });
      }
    }
  }
  return uses;
}

function pascal(word: string): string {
  return word.replace(/(?:^|-)(\p{L})/gu, (_, letter: string) => letter.toUpperCase());
}
