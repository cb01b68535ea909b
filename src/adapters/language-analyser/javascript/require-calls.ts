/** `require`, `import(…)` and `module.exports`: what a file imports and exports in ways no module record tells. */
import type { ImportedName, ImportFact } from "../../../core/model/code-facts.ts";
import { IDENTIFIER, STRING, TEMPLATE, type Tokens } from "../tokens.ts";

export interface RequireCalls {
  imports: ImportFact[];
  exports: { name: string; local: string }[];
}

/** Of `require`, `exports`, `import`. */
const INITIALS = new Set([114, 101, 105]);

export function requireCalls(tokens: Tokens): RequireCalls {
  const found: RequireCalls = { imports: [], exports: [] };
  for (let index = 0; index < tokens.count; index += 1) {
    if (tokens.kind(index) !== IDENTIFIER || !INITIALS.has(tokens.code(index))) continue;
    const word = tokens.word(index);
    if (word === "require") requireAt(tokens, index, found);
    else if (word === "exports") exportsAt(tokens, index, found);
    else if (word === "import") importAt(tokens, index, found);
  }
  return found;
}

/** `require("x")`, `require.resolve("x")`, `import x = require("x")`; a method of another object does not count. */
function requireAt(tokens: Tokens, index: number, found: RequireCalls): void {
  if (tokens.punctuation(index - 1) === ".") return;
  const resolved = tokens.punctuation(index + 1) === "." && tokens.word(index + 2) === "resolve";
  const open = resolved ? index + 3 : index + 1;
  const closed = tokens.punctuation(open + 2);
  if (tokens.punctuation(open) !== "(" || !isPlain(tokens, open + 1) || (closed !== ")" && closed !== ",")) return;
  const names = resolved ? [] : namesOf(tokens, index, open + 3);
  found.imports.push({ specifier: tokens.literal(open + 1), kind: "require", line: tokens.line(index), names });
}

/** `import("x")`, also in types; what is computed cannot be known. */
function importAt(tokens: Tokens, index: number, found: RequireCalls): void {
  if (tokens.punctuation(index + 1) !== "(" || !isPlain(tokens, index + 2)) return;
  const specifier = tokens.literal(index + 2);
  if (tokens.punctuation(index + 3) === "+" || tokens.punctuation(index - 1) === ".") return;
  found.imports.push({ specifier, kind: "dynamic", line: tokens.line(index), names: [] });
}

/** A string, or a template without substitutions. */
function isPlain(tokens: Tokens, index: number): boolean {
  return tokens.kind(index) === STRING || (tokens.kind(index) === TEMPLATE && tokens.raw(index).endsWith("`"));
}

function namesOf(tokens: Tokens, index: number, after: number): ImportedName[] {
  if (tokens.punctuation(index - 1) !== "=") return [];
  const local = tokens.word(index - 2);
  if (local !== "") {
    const picked = tokens.punctuation(after) === "." ? tokens.word(after + 1) : "";
    return [{ name: picked || "*", as: local }];
  }
  return tokens.punctuation(index - 2) === "}" ? destructured(tokens, index - 3) : [];
}

/** Backwards from the closing brace: `{ a, b: c }`. */
function destructured(tokens: Tokens, last: number): ImportedName[] {
  const names: ImportedName[] = [];
  for (let index = last; index > 0 && tokens.punctuation(index) !== "{"; index -= 1) {
    const as = tokens.word(index);
    if (as === "" || !",}".includes(tokens.punctuation(index + 1) || " ")) continue;
    const renamed = tokens.punctuation(index - 1) === ":";
    names.push({ name: renamed ? tokens.word(index - 2) || as : as, as });
  }
  return names.reverse();
}

/** `exports.a = b`, `module.exports = a`, `module.exports = { a, b: c }` */
function exportsAt(tokens: Tokens, index: number, found: RequireCalls): void {
  const ofModule = tokens.punctuation(index - 1) === "." && tokens.word(index - 2) === "module";
  if (tokens.punctuation(index - 1) === "." && !ofModule) return;
  if (tokens.punctuation(index + 1) === "." && tokens.punctuation(index + 3) === "=") {
    const name = tokens.word(index + 2);
    if (tokens.punctuation(index + 4) !== "=") found.exports.push({ name, local: tokens.word(index + 4) || name });
  } else if (ofModule && tokens.punctuation(index + 1) === "=") {
    const value = tokens.word(index + 2);
    if (value !== "") found.exports.push({ name: "*", local: value });
    else if (tokens.punctuation(index + 2) === "{") exportedKeys(tokens, index + 3, found);
  }
}

function exportedKeys(tokens: Tokens, from: number, found: RequireCalls): void {
  let depth = 1;
  for (let index = from; index < tokens.count; index += 1) {
    const mark = tokens.punctuation(index);
    if (mark === "{" || mark === "(" || mark === "[") depth += 1;
    if (mark === "}" || mark === ")" || mark === "]") depth -= 1;
    if (depth === 0) return;
    const name = tokens.word(index);
    const starts = ["{", ","].includes(tokens.punctuation(index - 1));
    if (depth !== 1 || name === "" || !starts) continue;
    const value = tokens.punctuation(index + 1) === ":" ? tokens.word(index + 2) : name;
    found.exports.push({ name, local: value || name });
  }
}
