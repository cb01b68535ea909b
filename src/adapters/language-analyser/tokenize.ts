/** Splits source into tokens in one pass without recursion: any input ends, none is refused. */
import type { TokenRules } from "./token-rules.ts";
import { IDENTIFIER, NUMBER, PUNCTUATION, REGEX, STRING, TEMPLATE, Tokens } from "./tokens.ts";

const NEWLINE = 10;
const QUOTE = 39;
const SLASH = 47;
const STAR = 42;
const BACKSLASH = 92;
const BACKTICK = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const DOLLAR = 36;
const HASH = 35;
/** A literal or comment of this length with this many opening brackets is looked at with distrust. */
const LONG = 1_500;
const MANY_BRACKETS = 400;

/** `<`, `=`, `>` and `|` */
const MARKERS = new Set([60, 61, 62, 124]);
const BEFORE_REGEX = new Set(
  "return typeof case in of delete void instanceof new do else yield await throw extends".split(" "),
);

export function tokenize(text: string, rules: TokenRules): Tokens {
  return new Tokenizer(text, rules).run();
}

class Tokenizer {
  readonly #text: string;
  readonly #rules: TokenRules;
  readonly #tokens: Tokens;
  readonly #lineComment: number;
  /** brace depth at which each open `${` ends */
  readonly #templates: number[] = [];
  /** brace depth at which each open `{` of a formatted string ends, and the quotes that end the string */
  readonly #formats: { depth: number; quotes: string }[] = [];
  #at = 0;
  #line = 1;
  #braces = 0;

  constructor(text: string, rules: TokenRules) {
    this.#text = text;
    this.#rules = rules;
    this.#tokens = new Tokens(text);
    this.#lineComment = rules.lineComment.charCodeAt(0);
  }

  run(): Tokens {
    const text = this.#text;
    if (MARKERS.has(text.charCodeAt(0))) this.#conflictMarker();
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === NEWLINE) {
        this.#line += 1;
        this.#at += 1;
        if (MARKERS.has(text.charCodeAt(this.#at))) this.#conflictMarker();
      } else if (code <= 32 || code === 0xfeff) this.#at += 1;
      else if (isWord(code)) this.#word(code);
      else if (!this.#comment(code) && !this.#literal(code)) this.#punctuation(code);
    }
    return this.#tokens;
  }

  /** A line that git wrote between two versions is no code. */
  #conflictMarker(): void {
    const mark = this.#text[this.#at] ?? "";
    if (!this.#text.startsWith(mark.repeat(7), this.#at)) return;
    this.#tokens.broken = true;
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #word(code: number): void {
    const start = this.#at;
    const text = this.#text;
    let end = start + 1;
    while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
    this.#at = end;
    this.#tokens.push(code >= 48 && code <= 57 ? NUMBER : IDENTIFIER, start, end, this.#line);
  }

  #comment(code: number): boolean {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (code === this.#lineComment && (code === HASH || next === SLASH)) {
      const end = this.#text.indexOf("\n", this.#at);
      this.#skipTo(end === -1 ? this.#text.length : end);
      return true;
    }
    if (code !== SLASH || next !== STAR || !this.#rules.blockComment) return false;
    this.#skipTo(this.#rules.nestedComments ? this.#nestedEnd() : this.#after("*/", this.#at + 2));
    return true;
  }

  #nestedEnd(): number {
    let depth = 1;
    let at = this.#at + 2;
    for (; at < this.#text.length && depth > 0; at += 1) {
      if (this.#text.startsWith("/*", at)) depth += 1;
      else if (this.#text.startsWith("*/", at)) depth -= 1;
      else continue;
      at += 1;
    }
    return at;
  }

  #literal(code: number): boolean {
    if (code === BACKTICK && this.#rules.backtick !== "none") {
      if (this.#rules.backtick === "raw") this.#take(STRING, this.#after("`", this.#at + 1));
      else this.#template();
      return true;
    }
    if (code === CLOSE_BRACE && this.#templates.at(-1) === this.#braces) {
      this.#templates.pop();
      this.#template();
      return true;
    }
    if (code === CLOSE_BRACE && this.#formats.at(-1)?.depth === this.#braces) {
      this.#formatted(this.#at + 1, this.#formats.pop()?.quotes ?? "");
      return true;
    }
    if (this.#rules.rust && code === QUOTE) return this.#lifetime();
    if (code < 40 && this.#rules.quotes.includes(this.#text[this.#at] ?? "")) return this.#string(code);
    if (code === SLASH && this.#rules.regex && this.#regexMayStart()) return this.#regex();
    return false;
  }

  /** From a backtick, or from the `}` that ends a substitution, up to the next substitution or the end. */
  #template(): void {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === BACKTICK) {
        this.#take(TEMPLATE, at + 1);
        return;
      } else if (code === DOLLAR && this.#text.charCodeAt(at + 1) === OPEN_BRACE) {
        this.#templates.push(this.#braces);
        this.#take(TEMPLATE, at + 2);
        return;
      }
    }
    this.#take(TEMPLATE, this.#text.length);
  }

  /** Python's `f"…{code}…"`: from `from` up to the next replacement field or the end; undoubled braces begin one. */
  #formatted(from: number, quotes: string): void {
    for (let at = from; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      const end = this.#text.startsWith(quotes, at) ? at + quotes.length : at;
      if (end > at || (code === NEWLINE && quotes.length === 1)) {
        this.#take(TEMPLATE, end);
        return;
      }
      const isDouble = code === OPEN_BRACE && this.#text.charCodeAt(at + 1) === OPEN_BRACE;
      if (code === BACKSLASH || isDouble) at += 1;
      else if (code === OPEN_BRACE) {
        this.#formats.push({ depth: this.#braces, quotes });
        this.#take(TEMPLATE, at + 1);
        return;
      }
    }
    this.#take(TEMPLATE, this.#text.length);
  }

  /** A prefix with an `f` stands right before the quote. */
  #isFormatted(): boolean {
    const last = this.#tokens.count - 1;
    return this.#tokens.end(last) === this.#at && /^(f|rf|fr|t|rt|tr)$/i.test(this.#tokens.word(last));
  }

  #string(code: number): boolean {
    const quote = String.fromCharCode(code);
    if (this.#rules.formatted && this.#isFormatted()) {
      const quotes = this.#text.startsWith(quote.repeat(3), this.#at) ? quote.repeat(3) : quote;
      this.#formatted(this.#at + quotes.length, quotes);
      return true;
    }
    if (this.#rules.tripleQuotes && this.#text.startsWith(quote.repeat(3), this.#at)) {
      this.#take(STRING, this.#tripleEnd(quote.repeat(3)));
      return true;
    }
    if (this.#rules.rust && "#r".includes(this.#text[this.#at - 1] ?? " ")) return this.#rawRust();
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const next = this.#text.charCodeAt(at);
      if (next === BACKSLASH) at += 1;
      else if (next === code) {
        this.#take(STRING, at + 1);
        return true;
      } else if (next === NEWLINE && !this.#rules.rust) break;
    }
    return false;
  }

  #tripleEnd(quotes: string): number {
    for (let at = this.#at + 3; at < this.#text.length; at += 1) {
      if (this.#text.charCodeAt(at) === BACKSLASH) at += 1;
      else if (this.#text.startsWith(quotes, at)) return at + 3;
    }
    return this.#text.length;
  }

  #rawRust(): boolean {
    let hashes = 0;
    while (this.#text[this.#at - 1 - hashes] === "#") hashes += 1;
    this.#take(STRING, this.#after(`"${"#".repeat(Math.min(hashes, 255))}`, this.#at + 1));
    return true;
  }

  /** `'x'` and `'\n'` are characters, `'name` is a lifetime: its quote is dropped. */
  #lifetime(): boolean {
    const escaped = this.#text.charCodeAt(this.#at + 1) === BACKSLASH;
    const end = escaped ? this.#text.indexOf("'", this.#at + 3) : this.#at + 2;
    const closed = escaped ? end !== -1 && end < this.#at + 14 : this.#text.charCodeAt(end) === QUOTE;
    if (closed) this.#take(STRING, end + 1);
    else this.#at += 1;
    return true;
  }

  #regexMayStart(): boolean {
    const last = this.#tokens.count - 1;
    const kind = this.#tokens.kind(last);
    if (kind === PUNCTUATION) return !")]}<".includes(this.#tokens.punctuation(last));
    return kind === 0 || (kind === IDENTIFIER && BEFORE_REGEX.has(this.#tokens.word(last)));
  }

  #regex(): boolean {
    let inClass = false;
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char === "\n") return false;
      if (char === "\\") at += 1;
      else if (char === "[") inClass = true;
      else if (char === "]") inClass = false;
      else if (char === "/" && !inClass) {
        this.#take(REGEX, at + 1);
        return true;
      }
    }
    return false;
  }

  #punctuation(code: number): void {
    if (code === OPEN_BRACE) this.#braces += 1;
    if (code === CLOSE_BRACE) this.#braces -= 1;
    this.#tokens.push(PUNCTUATION, this.#at, this.#at + 1, this.#line);
    this.#at += 1;
  }

  #take(kind: number, end: number): void {
    this.#tokens.push(kind, this.#at, end, this.#line);
    this.#skipTo(end);
  }

  #skipTo(end: number): void {
    if (end - this.#at > LONG && countBrackets(this.#text, this.#at, end) > MANY_BRACKETS)
      this.#tokens.suspicious = true;
    for (let at = this.#at; at < end; at += 1) if (this.#text.charCodeAt(at) === NEWLINE) this.#line += 1;
    this.#at = end;
  }

  #after(mark: string, from: number): number {
    const end = this.#text.indexOf(mark, from);
    return end === -1 ? this.#text.length : end + mark.length;
  }
}

/** Which ASCII characters a word is made of: letters, digits, `_` and `$`; one look-up in the hottest loop. */
const WORD = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));

function isWord(code: number): boolean {
  if (code < 128) return WORD[code] === 1;
  return code > 127 && code !== 0xfeff && code !== 0xa0 && code !== 0x2028 && code !== 0x2029;
}

function countBrackets(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91 || code === OPEN_BRACE || code === 60) count += 1;
  }
  return count;
}
