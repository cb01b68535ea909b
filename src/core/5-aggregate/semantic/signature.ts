/** Signature of a function, read from its declaration: parameters, result, whether it is asynchronous (phase 5.2). */
import { closing, escaped, plainCode, splitTop } from "./code-text.ts";

export interface Parameter {
  name: string;
  /** as written, blanks taken out; empty when the source does not say */
  type: string;
  optional: boolean;
  rest: boolean;
  /** Python: after the `*`, only ever given by name */
  named: boolean;
}

export interface Signature {
  parameters: Parameter[];
  result: string;
  async: boolean;
}

/** Undefined for what is no function, or is not understood. */
export function signatureOf(text: string, name: string, language: string): Signature | undefined {
  const code = plainCode(text, language);
  const open = openingOf(code, name, language);
  const end = open === undefined ? undefined : closing(code, open);
  if (open === undefined || end === undefined) return undefined;
  const inside = { from: open + 1, to: end - 1 };
  const list = splitTop(code.slice(inside.from, inside.to)).map(({ from, to }) => {
    return text.slice(inside.from + from, inside.from + to).trim();
  });
  return {
    parameters: parametersOf(list, language),
    result: resultOf(code.slice(end), language),
    async: /(?<![\w$])async\s/.test(code.slice(0, open)),
  };
}

/** Where the parameter list begins. */
function openingOf(code: string, name: string, language: string): number | undefined {
  const word = escaped(name);
  const head = name === "constructor" ? METHOD : (HEADS[language] ?? FUNCTION);
  const found = head(word).exec(code);
  return found == null ? undefined : found.index + found[0].length - 1;
}

const GENERIC = "\\s*(?:<[^(){}]*>)?\\s*";
const FUNCTION = (word: string): RegExp =>
  new RegExp(
    `function\\s*\\*?\\s*${word}${GENERIC}\\(|(?<![\\w$.])${word}\\s*(?::[^=]*)?=\\s*(?:async\\s+)?(?:function\\s*\\*?\\s*[\\w$]*)?${GENERIC}\\((?=[^)]*\\)[^;]*?(?:=>|\\{))|function\\s*\\*?${GENERIC}\\(`,
  );
const METHOD = (word: string): RegExp => new RegExp(`(?<![\\w$.])${word}\\s*\\(`);
const HEADS: Record<string, (word: string) => RegExp> = {
  javascript: FUNCTION,
  typescript: FUNCTION,
  python: (word) => new RegExp(`def\\s+${word}\\s*\\(`),
  go: (word) => new RegExp(`func\\s*(?:\\([^)]*\\)\\s*)?${word}\\s*(?:\\[[^\\]]*\\])?\\(`),
  rust: (word) => new RegExp(`fn\\s+${word}${GENERIC}\\(`),
  java: METHOD,
};

function resultOf(after: string, language: string): string {
  if (language === "go") return squeezed(/^([^{]*)/.exec(after)?.[1] ?? "");
  if (language === "python" || language === "rust") return squeezed(/^\s*->\s*([^:{]*)/.exec(after)?.[1] ?? "");
  if (language === "java") return "";
  const annotated = /^\s*:\s*([\s\S]*)/.exec(after)?.[1];
  return annotated === undefined ? "" : squeezed(upToBody(annotated));
}

/** A TypeScript result type ends at the body or the arrow; a type of its own in braces is left out, being rare. */
function upToBody(annotated: string): string {
  const object = annotated.startsWith("{") ? closing(annotated, 0) : undefined;
  const rest = annotated.slice(object ?? 0);
  return annotated.slice(0, (object ?? 0) + rest.search(/\{|=>|;|$/));
}

export function squeezed(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/ ?([^\w ]) ?/g, "$1")
    .trim();
}

function parametersOf(list: string[], language: string): Parameter[] {
  if (language === "go") return goParameters(list);
  if (language === "python") return pythonParameters(list);
  if (language === "java") return list.map((text) => typed(text.replace(/\s*\w+$/, ""), text));
  return list.map(scriptParameter);
}

function typed(type: string, text: string): Parameter {
  return { name: "", type: squeezed(type), optional: false, rest: text.includes("..."), named: false };
}

/** TypeScript, JavaScript and Rust: `name?: type = default`, `...rest`, `{ a, b }: type`. */
function scriptParameter(text: string): Parameter {
  const [before = "", ...defaults] = partsAt(text, "=");
  const [pattern = "", ...types] = partsAt(before, ":");
  const name = pattern.trim().replace(/\?$/, "");
  const destructured = /^[{[]/.test(name) ? squeezed(name) : "";
  return {
    name,
    type: squeezed(`${destructured}${types.join(":")}`),
    optional: defaults.length > 0 || pattern.trim().endsWith("?"),
    rest: name.startsWith("..."),
    named: false,
  };
}

/** Parts at a mark in no bracket; `=>` and comparisons are no marks. */
function partsAt(text: string, mark: string): string[] {
  const hidden = text.replace(/=>|[=!<>]=/g, "\u0001\u0001");
  return splitTop(hidden, mark).map(({ from, to }) => text.slice(from, to));
}

function pythonParameters(list: string[]): Parameter[] {
  let named = false;
  return list.flatMap((text): Parameter[] => {
    if (text === "*" || text === "/") {
      named ||= text === "*";
      return [];
    }
    const parameter = scriptParameter(text);
    const stars = /^\*+/.exec(parameter.name)?.[0] ?? "";
    const found = { ...parameter, rest: stars !== "", named: named || stars === "**" };
    named ||= stars === "*";
    return [{ ...found, optional: found.optional || found.rest, name: parameter.name.slice(stars.length) }];
  });
}

/** `a, b int` gives both the type that follows; a list of types alone has no names. */
function goParameters(list: string[]): Parameter[] {
  const named = list.some((text) => /^\w+\s+\S/.test(text) && !/^(chan|func|map)\b/.test(text));
  let type = "";
  const types = list.toReversed().map((text) => {
    const own = named ? (/^\w+\s+([\s\S]+)$/.exec(text)?.[1] ?? "") : text;
    type = own === "" ? type : own;
    return typed(type.replace(/^\.\.\./, ""), type);
  });
  return types.toReversed();
}
