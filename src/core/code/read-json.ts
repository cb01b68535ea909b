/** JSON as configuration files have it: with comments and trailing commas; and ways to look into what it says. */

const parsed = new WeakMap<Map<string, string>, Map<string, unknown>>();

/** The file `path` of `texts` as JSON, parsed once; undefined when it is not there or no JSON. */
export function jsonFile(texts: Map<string, string>, path: string): unknown {
  const known = parsed.get(texts) ?? new Map<string, unknown>();
  parsed.set(texts, known);
  if (!known.has(path)) known.set(path, readJson(texts.get(path) ?? ""));
  return known.get(path);
}

/** Undefined when the text is no JSON even so. */
export function readJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, "");
  try {
    return parse(plain);
  } catch {
    try {
      return parse(withoutComments(plain));
    } catch {
      return undefined;
    }
  }
}

function parse(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

function withoutComments(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    const next = text[at + 1];
    if (char === '"') {
      const end = stringEnd(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (char === "/" && next === "/") at = orEnd(text, text.indexOf("\n", at)) - 1;
    else if (char === "/" && next === "*") at = orEnd(text, text.indexOf("*/", at + 2)) + 1;
    else if ((char === "}" || char === "]") && /,\s*$/.test(out.slice(-200)))
      out = `${out.replace(/,\s*$/, "")}${char}`;
    else out += char;
  }
  return out;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function orEnd(text: string, at: number): number {
  return at === -1 ? text.length : at;
}

/** The entries of an object; none for anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

export function fieldOf(value: unknown, name: string): unknown {
  return entriesOf(value).find(([key]) => key === name)?.[1];
}

export function textField(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
