import { expect, test } from "vitest";
import { declarations } from "../../../../src/adapters/language-analyser/javascript/declarations.ts";
import { RULES } from "../../../../src/adapters/language-analyser/token-rules.ts";
import { tokenize } from "../../../../src/adapters/language-analyser/tokenize.ts";

/** `name first-last` of each declaration, in the order of the source. */
function ranges(...lines: string[]): string[] {
  const tokens = tokenize(`${lines.join("\n")}\n`, RULES.javascript);
  const found = declarations(tokens).map(({ name, line, end }) => `${name} ${line}-${end}`);
  tokens.release();
  return found;
}

test.each<[string, string[], string[]]>([
  ["a type that ends with >", ["type A = Map<string, B>", "export const b = 1"], ["A 1-1", "b 2-2"]],
  ["a cast to a generic", ["const a = Symbol() as Key<Ref<number>>", "describe(a)"], ["a 1-1"]],
  ["an overload that returns a generic", ["function f(): A<T>", "function f(a = 1) {", "}"], ["f 1-1", "f 2-3"]],
  ["a non-null mark", ["const a = b.c!", "const d = 1"], ["a 1-1", "d 2-2"]],
  ["a comparison", ["const a = b < c", "type D = string"], ["a 1-1", "D 2-2"]],
  ["a body followed by a call", ["function f() {", "}", "(() => {", "})()"], ["f 1-2"]],
  ["an expression followed by a block", ["const a = b()", "{", "  c()", "}"], ["a 1-1"]],
  ["a body followed by a block", ["function f(): { a: 1 }", "{", "}", "{", "  b()", "}"], ["f 1-3"]],
  ["a class followed by a block", ["class A extends mix({}) {}", "{", "}"], ["A 1-1"]],
  ["a body followed by new", ["class A {", "}", "new A()"], ["A 1-2"]],
])("without semicolons a statement ends after %s", (_, lines, expected) => {
  expect(ranges(...lines)).toEqual(expected);
});

test.each<[string, string[], string[]]>([
  [
    "a class's brace on a line of its own",
    ["class A", "  extends B<C>", "  implements D", "{", "  e = 1;", "}"],
    ["A 1-6"],
  ],
  [
    "type parameters with defaults",
    ["function f<", "  A = {},", "  B extends C = {} extends A", "    ? 1", "    : 2,", ">() {", "}"],
    ["f 1-7"],
  ],
  ["a body's brace on a line of its own", ["const a = class extends b.class", "{", "}", "{", "}"], ["a 1-3"]],
  ["the same of a function", ["const a = function (): { b: 1 }", "{", "}", "{", "}"], ["a 1-3"]],
  ["a conditional type", ["type A<T> = T extends B<infer C>", "  ? C", "  : never"], ["A 1-3"]],
  ["an arrow before a function", ["const a = () =>", "  function () {", "    b();", "  }"], ["a 1-4"]],
  ["an element that is not in brackets", ["const A = () =>", "  <B", "    c={1}", "  />;"], ["A 1-4"]],
  ["a template over several lines", ["const a = `", "  b", "`;"], ["a 1-3"]],
  ["decorators and modifiers", ["@A({ b: 1 })", "export", "class C {", "}"], ["C 1-4"]],
])("a statement goes on over %s", (_, lines, expected) => {
  expect(ranges(...lines)).toEqual(expected);
});

test("names after commas are declared, those of type arguments are not", () => {
  expect(ranges("const a: F<A, B> = 1, b = 2;", "let c, d: string;", "const e = <T, U = any>(x) => x;")).toEqual([
    "a 1-1",
    "b 1-1",
    "c 2-2",
    "d 2-2",
    "e 3-3",
  ]);
  expect(ranges("const a = 1 << 0, b = 1 << 1;")).toEqual(["a 1-1", "b 1-1"]);
});
