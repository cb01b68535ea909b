import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languageAnalyser } from "../../../src/adapters/language-analyser/language-analyser.ts";
import type { CodeFacts } from "../../../src/core/model/code-facts.ts";
import { few, rounds } from "../../rig/extent.ts";

const analyser = languageAnalyser();

function factsOf(path: string, content: string | Uint8Array): Promise<CodeFacts> {
  return analyser.facts(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
}

const IMPORT = 'import { x } from "./x.js";\n';
const specifiers = (facts: CodeFacts): string[] => facts.imports.map((fact) => fact.specifier);

describe("nesting that crashes the native parser is survived", () => {
  const DEEP = 20_000;
  test.each([
    ["brackets", "[", "]"],
    ["braces", "{", "}"],
    ["blocks after if", "if(a){", "}"],
    ["else chains", "if(a){}else ", ";"],
    ["arrows", "a=>", "a"],
    ["templates", "`${", "}`"],
    ["not", "!", "a"],
    ["JSX", "<a>", "</a>"],
    ["JSX with separators in its text", "<a>;b,", "</a>"],
    ["type arguments", "let x:A<", ">"],
    ["type arguments after commas", "x as A<b,", ">"],
    ["labels", "a:", ";"],
    ["conditional chains", "a?b:", "c"],
    ["patterns", "const {a:", "{}"],
    ["brackets that look like a regular expression", "a++ /b[", "]/"],
  ])("%s", async (_, open, close) => {
    const facts = await factsOf("a.tsx", `${IMPORT}${open.repeat(DEEP)}${close.repeat(DEEP)}\n`);
    expect([facts.language, specifiers(facts).includes("./x.js") || facts.status !== "ok"]).toEqual([
      "typescript",
      true,
    ]);
  });

  test("patterns in one another", async () => {
    const facts = await factsOf("a.ts", `${IMPORT}const ${"{a:".repeat(DEEP)}b${"}".repeat(DEEP)} = c;\n`);
    expect(specifiers(facts)).toEqual(["./x.js"]);
  });

  test.each(few(3, ["py", "go", "rs", "java", "cs", "cpp", "rb"]))("in a file of ending .%s", async (ending) => {
    const facts = await factsOf(`a.${ending}`, "(".repeat(DEEP) + "[".repeat(DEEP) + "{".repeat(DEEP));
    expect(["partial", "skipped"]).toContain(facts.status);
  });
});

describe("what is no source is named with its reason", () => {
  test.each([
    ["binary", new Uint8Array([1, 2, 0, 3]), "binary"],
    ["12 MB", new Uint8Array(12_000_000).fill(97), "larger than 2 MB"],
  ])("%s", async (_, content, reason) => {
    expect(await factsOf("a.ts", content)).toMatchObject({ status: "skipped", reason, imports: [], symbols: [] });
  });

  test("latin-1 is read all the same", async () => {
    const latin = new Uint8Array([...new TextEncoder().encode(`${IMPORT}// caf`), 0xe9, 10]);
    const facts = await factsOf("a.ts", latin);
    expect([facts.status, facts.reason, specifiers(facts)]).toEqual([
      "partial",
      "not UTF-8: read as latin-1",
      ["./x.js"],
    ]);
  });

  test("a language nobody reads is file level", async () => {
    expect([analyser.languageOf("a.kt"), (await factsOf("a.kt", "fun main() {}")).depth]).toEqual([
      { language: "kotlin", depth: "file" },
      "file",
    ]);
  });
});

describe("half of a file is better than none of it", () => {
  test.each([
    ["a byte order mark", `\uFEFF${IMPORT}`],
    ["CRLF", IMPORT.replaceAll("\n", "\r\n")],
    ["an unterminated template", `${IMPORT}const a = \`\${b`],
    ["a quote in JSX text", `${IMPORT}const a = <p>don't</p>;\nexport const b = x;\n`],
    ["a minified line", `${IMPORT}${"var a=1,b=function(){return[1,2,{c:3}]};".repeat(5_000)}`],
  ])("%s", async (_, text) => {
    expect(specifiers(await factsOf("a.tsx", text))).toEqual(["./x.js"]);
  });

  test("conflict markers leave the file partial, with its symbols", async () => {
    const text = `<<<<<<< ours\nexport function a() {}\n=======\nexport function b() {}\n>>>>>>> theirs\nexport function c() {}\n`;
    const facts = await factsOf("a.ts", text);
    expect([facts.status, facts.symbols.map((symbol) => symbol.name)]).toEqual(["partial", ["a", "b", "c"]]);
  });

  test("a truncated Python file keeps what was complete", async () => {
    const facts = await factsOf("a.py", "import os\n\ndef f():\n    return (1,\n\ndef g(:\n");
    expect([facts.status, specifiers(facts)]).toEqual(["partial", ["os"]]);
  });
});

const SOURCES: Record<string, string> = {
  "a.ts":
    'import a, { b as c } from "./x";\nexport * from "./y";\nexport class D<T> extends a { m() { return `${c}` + /re/.source; } }\nexport const { e, f: g } = require("./z");\n',
  "a.jsx": "export default () => <p title='a'>{[1, 2].map((x) => <b key={x}>it's</b>)}</p>;\n",
  "a.py":
    'from .a import (b as c,\n  d)\nimport e.f\n@c\nclass G(d):\n    """doc"""\n    def h(self): return f"{e.f}"\nX, Y = 1, 2\n',
  "a.go":
    'package a\nimport (\n\tb "x/y"\n)\nfunc (t *T) M() { b.C(`raw`) }\ntype T struct{ A int }\nconst (\n\tD = 1\n)\n',
  "a.rs":
    "mod a;\npub use crate::b::{self, c as d, e::*};\nimpl T { fn m<'a>(&'a self) -> char { 'x' } }\nfn f() { super::g::h(r#\"raw\"#) }\n",
  "a.java": "package a.b;\nimport static c.D.e;\nimport f.*;\npublic class G { void h() { e(); } class I {} }\n",
};

/** Cuts, doubles, inserts and flips pieces of the source. */
const mutation = fc.tuple(
  fc.nat(),
  fc.nat(40),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("cut", "double", "insert", "end"),
);

function mutated(text: string, steps: [number, number, string, string][]): string {
  return steps.reduce((source, [place, length, inserted, how]) => {
    const at = source.length === 0 ? 0 : place % source.length;
    if (how === "end") return source.slice(0, at);
    const piece = how === "double" ? source.slice(at, at + length).repeat(2) : how === "insert" ? inserted : "";
    return source.slice(0, at) + piece + source.slice(how === "insert" ? at : at + length);
  }, text);
}

test.each(Object.keys(SOURCES))("mutated and truncated sources of %s never fail and always end", async (path) => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 8 }), async (steps) => {
      const facts = await factsOf(path, mutated(SOURCES[path] ?? "", steps));
      expect(facts.reason ?? "").not.toContain("the parser failed");
      for (const symbol of facts.symbols) expect(symbol.end).toBeGreaterThanOrEqual(symbol.line);
      expect(facts.imports.flatMap((fact) => fact.names).every((name) => name.as !== "")).toEqual(true);
    }),
    { numRuns: rounds(100, 300) },
  );
});
