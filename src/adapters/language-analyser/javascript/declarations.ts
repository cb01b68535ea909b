/** Top-level declarations of a JavaScript or TypeScript file, from its tokens: name, kind and the lines they span. */
import type { SymbolFact } from "../../../core/model/code-facts.ts";
import { IDENTIFIER, PUNCTUATION, TEMPLATE, type Tokens } from "../tokens.ts";

const MODIFIERS = new Set(["export", "default", "async", "declare", "abstract", "public"]);
const BLOCK = new Set(["function", "class", "interface", "enum", "namespace", "module"]);
const WITH_BODY = new Set(["function", "class"]);
const VALUE = new Set(["const", "let", "var", "type", "using"]);
const CONTINUES_AFTER = "=+-*%&|^?:,.<>!~([{/@";
const CONTINUES_WITH = "=+-*%&|^?:,.<>)]}/([";
/** Between two operands, so that a statement goes on with them; the second list asks for an operand only. */
const INFIX = new Set("extends implements as satisfies instanceof in of is".split(" "));
const PREFIX = new Set("asserts keyof typeof new await infer readonly unique".split(" "));

/** No expression goes on with these at the start of a line: a `>` before them ended a type, it compares nothing. */
const STARTS = new Set([...MODIFIERS, ...BLOCK, ...VALUE, "import"]);

/** A declaration with its place in the token list, end exclusive. */
export interface Declaration extends SymbolFact {
  first: number;
  last: number;
}

export function declarations(tokens: Tokens): Declaration[] {
  return new Declarations(tokens).run();
}

class Declarations {
  readonly #tokens: Tokens;
  readonly #found: Declaration[] = [];
  /** those that the statement being read declares */
  #open: Declaration[] = [];
  #kind = "";
  /** a class, function or the like has begun, its body has not */
  #awaitsBody = false;
  #depth = 0;
  /** the first token of the statement's decorators and modifiers; -1 when it has none */
  #first = -1;
  /** open `<` of type parameters and arguments, and the place of the last `>` that closed one */
  #angles = 0;
  #closedAngle = -1;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  run(): Declaration[] {
    const tokens = this.#tokens;
    for (let index = 0; index < tokens.count; index += 1) {
      if (this.#depth === 0 && this.#startsStatement(index)) this.#begin(index);
      else if (this.#depth === 0 && this.#open.length > 0) this.#another(index);
      this.#track(index);
    }
    this.#close(tokens.count);
    return this.#found;
  }

  #track(index: number): void {
    const kind = this.#tokens.kind(index);
    if (this.#depth === 0 && this.#angles === 0) this.#await(index);
    if (kind === PUNCTUATION) {
      const code = this.#tokens.code(index);
      if (code === 40 || code === 91 || code === 123) this.#depth += 1;
      else if (code === 41 || code === 93 || code === 125) this.#depth = Math.max(0, this.#depth - 1);
      else if (this.#depth === 0 && (code === 60 || code === 62)) this.#angle(index, code === 60);
    } else if (kind === TEMPLATE) {
      if (this.#tokens.code(index) === 125) this.#depth = Math.max(0, this.#depth - 1);
      if (this.#tokens.text.charCodeAt(this.#tokens.end(index) - 1) === 123) this.#depth += 1;
    }
  }

  /** A brace after an operator opens a type or an object, any other one the body. */
  #await(index: number): void {
    const tokens = this.#tokens;
    if (tokens.punctuation(index) === "{") this.#awaitsBody &&= this.#unfinished(index - 1);
    const begins = WITH_BODY.has(tokens.word(index)) && tokens.punctuation(index - 1) !== ".";
    if (begins && this.#kind === "value") this.#awaitsBody = true;
  }

  /** Does the token ask for something to follow it? */
  #unfinished(index: number): boolean {
    const mark = this.#tokens.punctuation(index);
    if (mark !== "") return CONTINUES_AFTER.includes(mark) && this.#closedAngle !== index;
    const word = this.#tokens.word(index);
    return INFIX.has(word) || PREFIX.has(word);
  }

  /** Not the halves of `<<`, `<=` and `=>`. */
  #angle(index: number, opens: boolean): void {
    if (opens) {
      if (!this.#touches(index, "<=") && !this.#touches(index - 1, "<", "<")) this.#angles += 1;
    } else if (this.#angles > 0 && !this.#touches(index - 1, ">", "=")) {
      this.#angles -= 1;
      this.#closedAngle = index;
    }
  }

  /** Does the token run without a space into one of `marks`? With `own`, only when it is that itself. */
  #touches(index: number, marks: string, own?: string): boolean {
    const tokens = this.#tokens;
    if (own !== undefined && tokens.punctuation(index) !== own) return false;
    return tokens.end(index) === tokens.start(index + 1) && marks.includes(tokens.punctuation(index + 1) || " ");
  }

  /** After `;`, or on a new line where neither the line before nor this one asks for more. */
  #startsStatement(index: number): boolean {
    const tokens = this.#tokens;
    if (index === 0) return true;
    const before = tokens.punctuation(index - 1);
    if (before === ";") return true;
    if (MODIFIERS.has(tokens.word(index - 1)) && this.#open.length === 0) return true;
    const here = tokens.punctuation(index);
    if (here === "{" && (this.#awaitsBody || this.#kind === "block")) return !this.#awaitsBody;
    const word = tokens.word(index);
    if (before === "}" && this.#kind !== "value" && this.#angles === 0) {
      return here === "(" || (here !== "{" && !INFIX.has(word) && !CONTINUES_WITH.includes(here || " "));
    }
    if (tokens.line(index) === tokens.line(index - 1)) return false;
    if (STARTS.has(word) && (before === "!" || (before === ">" && !this.#touches(index - 2, ">", "=")))) return true;
    if (this.#angles > 0) return this.#kind === "value" && this.#open[0]?.kind !== "type" && STARTS.has(word);
    if (this.#unfinished(index - 1)) return before === "@";
    if (INFIX.has(word)) return false;
    return here === "" || !CONTINUES_WITH.includes(here);
  }

  #begin(index: number): void {
    const word = this.#tokens.word(index);
    if (this.#open.length > 0 || !MODIFIERS.has(this.#tokens.word(index - 1))) this.#close(index);
    const leads = MODIFIERS.has(word) || this.#tokens.punctuation(index) === "@";
    if (leads && this.#first === -1) this.#first = index;
    if (BLOCK.has(word)) this.#block(index, word);
    else if (VALUE.has(word)) this.#value(index, word);
    else if (word === "import" && this.#tokens.punctuation(index + 2) === "=") this.#add(index + 1, index, "import");
    if (!leads) this.#first = -1;
  }

  #block(index: number, word: string): void {
    const at = this.#tokens.punctuation(index + 1) === "*" ? index + 2 : index + 1;
    if (this.#tokens.kind(at) !== IDENTIFIER) return;
    this.#kind = "block";
    this.#awaitsBody = true;
    this.#add(at, index, word);
  }

  #value(index: number, word: string): void {
    const next = this.#tokens.word(index + 1);
    if (word === "const" && next === "enum") {
      this.#block(index + 1, "enum");
      return;
    }
    if (word === "type" && !["=", "<"].includes(this.#tokens.punctuation(index + 2))) return;
    this.#kind = "value";
    if (next !== "") this.#add(index + 1, index, word === "let" || word === "var" ? "variable" : word);
    else this.#pattern(index + 1, index);
  }

  /** `const { a, b: c } = …`: the words that are followed by `,`, `=` or the closing bracket. */
  #pattern(at: number, first: number): void {
    const tokens = this.#tokens;
    let depth = 0;
    for (let index = at; index < tokens.count; index += 1) {
      const mark = tokens.punctuation(index);
      if (mark === "{" || mark === "[") depth += 1;
      if (mark === "}" || mark === "]") depth -= 1;
      if (depth === 0) return;
      const ends = ",}]=".includes(tokens.punctuation(index + 1) || " ");
      if (ends && tokens.kind(index) === IDENTIFIER && tokens.punctuation(index - 1) !== "=") {
        this.#add(index, first, "const");
      }
    }
  }

  /** `const a = 1, b = 2` */
  #another(index: number): void {
    const value = this.#kind === "value" && this.#open[0]?.kind !== "type";
    if (
      !value ||
      this.#angles > 0 ||
      this.#tokens.punctuation(index - 1) !== "," ||
      this.#tokens.kind(index) !== IDENTIFIER
    )
      return;
    const marks = this.#open[0]?.kind === "const" ? "=:" : "=:,;";
    if (marks.includes(this.#tokens.punctuation(index + 1) || " ")) this.#add(index, index, "const");
  }

  #add(at: number, statement: number, kind: string): void {
    const first = this.#first === -1 ? statement : this.#first;
    const line = this.#tokens.line(first);
    this.#open.push({ name: this.#tokens.word(at), kind, line, end: line, exported: false, first, last: first });
  }

  #close(index: number): void {
    for (const symbol of this.#open) {
      this.#found.push({ ...symbol, last: index, end: this.#tokens.lastLine(index - 1) });
    }
    this.#open = [];
    this.#kind = "";
    this.#awaitsBody = false;
    this.#angles = 0;
  }
}
