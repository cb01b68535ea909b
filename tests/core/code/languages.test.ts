import { afterAll, expect, test } from "vitest";
import { type SampleRepository, sampleRepository } from "./sample-repository.ts";

const made: SampleRepository[] = [];
afterAll(() => {
  for (const repository of made) repository.dispose();
});

async function repositoryOf(files: Record<string, string>): Promise<SampleRepository> {
  const repository = await sampleRepository(files);
  made.push(repository);
  return repository;
}

test("TypeScript: aliases, index files, re-exports, require, dynamic imports and workspaces without anything installed", async () => {
  const repository = await repositoryOf({
    "package.json": '{"name": "root", "workspaces": ["packages/*"]}',
    "tsconfig.base.json": '{ // shared\n "compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["src/*"],}}}',
    "tsconfig.json": '{"extends": "./tsconfig.base.json"}',
    "src/index.ts": 'export * from "./parse.js";\nexport { print as show } from "./print";\n',
    "src/parse.ts":
      "export function parse(text: string): string {\n  return clean(text);\n}\nfunction clean(text: string) { return text.trim(); }\n",
    "src/print/index.ts": "export const print = (text: string): void => console.log(text);\n",
    "src/use.ts":
      'import { parse, show } from "@app/index";\nimport type { Shape } from "shapes/types";\nexport function run(shape: Shape) {\n  show(parse(`${shape}`));\n}\n',
    "src/lazy.js":
      'const { parse: read } = require("./parse");\nmodule.exports = { load: () => import("./use.ts"), read };\n// import "./nothing"\nconst text = "from \'./nothing\'";\n',
    "packages/shapes/package.json":
      '{"name": "shapes", "exports": {".": {"types": "./dist/index.d.ts"}, "./types": "./dist/types/index.js"}}',
    "packages/shapes/src/index.ts": 'export type { Shape } from "./types/index.js";\n',
    "packages/shapes/src/types/index.ts": "export interface Shape { sides: number }\n",
  });
  expect(await repository.imports()).toEqual([
    "packages/shapes/src/index.ts → packages/shapes/src/types/index.ts",
    "src/index.ts → src/parse.ts",
    "src/index.ts → src/print/index.ts",
    "src/lazy.js → src/parse.ts",
    "src/lazy.js → src/use.ts",
    "src/use.ts → src/index.ts",
    "src/use.ts → packages/shapes/src/types/index.ts",
  ]);
  expect(await repository.uses()).toEqual([
    "src/lazy.js[] → src/parse.ts#parse",
    "src/use.ts[run] → packages/shapes/src/types/index.ts#Shape",
    "src/use.ts[run] → src/print/index.ts#print",
    "src/use.ts[run] → src/parse.ts#parse",
  ]);
});

test("Python: packages, relative imports, src layout, submodules and names handed on by a package", async () => {
  const repository = await repositoryOf({
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["requests>=2"]\n',
    "src/shop/__init__.py": "from .cart import Cart\n",
    "src/shop/cart.py":
      "from . import money\nfrom .money import (\n  Amount as A,  # the type\n)\n\nclass Cart:\n    def total(self):\n        return money.add(A(1), A(2))\n",
    "src/shop/money.py": "def add(a, b):\n    return a\n\nclass Amount:\n    pass\n\nRATE = 2\n",
    "src/requests/__init__.py": "",
    "tests/test_cart.py":
      'import requests\nimport shop.money as m\nfrom shop import Cart\nfrom shop.money import *\n\ndef test_total():\n    """from shop import nothing"""\n    assert Cart().total() == m.RATE + RATE\n',
  });
  expect(await repository.imports()).toEqual([
    "src/shop/__init__.py → src/shop/cart.py",
    "src/shop/cart.py → src/shop/money.py",
    "tests/test_cart.py → src/requests/__init__.py",
    "tests/test_cart.py → src/shop/money.py",
    "tests/test_cart.py → src/shop/__init__.py",
  ]);
  expect(await repository.uses()).toEqual([
    "src/shop/cart.py[Cart] → src/shop/money.py#add",
    "src/shop/cart.py[Cart] → src/shop/money.py#Amount",
    "tests/test_cart.py[test_total] → src/shop/cart.py#Cart",
    "tests/test_cart.py[test_total] → src/shop/money.py#RATE",
  ]);
});

test("Go: packages of the module, the defining file, and names of the same package", async () => {
  const repository = await repositoryOf({
    "go.mod": "module example.org/shop\n\ngo 1.22\n",
    "main.go":
      'package main\n\nimport (\n\t"fmt"\n\tm "example.org/shop/money"\n)\n\nfunc main() {\n\tfmt.Println(m.Add(1, 2))\n}\n',
    "money/add.go": "package money\n\nfunc Add(a, b int) int { return round(a + b) }\n",
    "money/round.go": "package money\n\nfunc round(a int) int { return a }\n",
    "money/add_test.go": "package money\n",
  });
  expect(await repository.imports()).toEqual(["main.go → money/add.go"]);
  expect(await repository.uses()).toEqual([
    "main.go[main] → money/add.go#Add",
    "money/add.go[Add] → money/round.go#round",
  ]);
});

test("Rust: modules, use trees, paths in code, re-exports and crates of the workspace", async () => {
  const repository = await repositoryOf({
    "Cargo.toml": '[workspace]\nmembers = ["app", "money-core"]\n',
    "app/Cargo.toml": '[package]\nname = "app"\n\n[dependencies]\nmoney-core = { path = "../money-core" }\n',
    "app/src/main.rs":
      "mod cart;\nmod util;\nuse cart::Cart;\nuse money_core::{add, Amount as A};\n\nfn main() {\n    let c = Cart::new();\n    add(A(1), crate::util::text::clean());\n}\n",
    "app/src/cart.rs":
      "use super::util;\npub struct Cart;\nimpl Cart {\n    pub fn new() -> Cart { util::log(); Cart }\n}\n",
    "app/src/util/mod.rs": "pub mod text;\npub fn log() {}\n",
    "app/src/util/text.rs": "pub fn clean<'a>() -> char { '\\'' }\n",
    "money-core/Cargo.toml": '[package]\nname = "money-core"\n',
    "money-core/src/lib.rs": "mod amount;\npub use amount::Amount;\npub fn add(a: Amount, b: char) {}\n",
    "money-core/src/amount.rs": "pub struct Amount(pub i32);\n",
  });
  expect(await repository.imports()).toEqual([
    "app/src/cart.rs → app/src/util/mod.rs",
    "app/src/main.rs → app/src/cart.rs",
    "app/src/main.rs → app/src/util/mod.rs",
    "app/src/main.rs → money-core/src/lib.rs",
    "app/src/main.rs → app/src/util/text.rs",
    "app/src/util/mod.rs → app/src/util/text.rs",
    "money-core/src/lib.rs → money-core/src/amount.rs",
  ]);
  expect(await repository.uses()).toEqual([
    "app/src/cart.rs[Cart] → app/src/util/mod.rs#log",
    "app/src/main.rs[main] → app/src/cart.rs#Cart",
    "app/src/main.rs[main] → money-core/src/lib.rs#add",
    "app/src/main.rs[main] → money-core/src/amount.rs#Amount",
    "app/src/main.rs[main] → app/src/util/text.rs#clean",
    "money-core/src/lib.rs[add] → money-core/src/amount.rs#Amount",
  ]);
});

test("Java: classes, nested and static imports, whole packages, and the same package in another source root", async () => {
  const repository = await repositoryOf({
    "src/main/java/org/shop/Cart.java":
      'package org.shop;\n\nimport org.shop.money.*;\nimport static org.shop.util.Texts.clean;\nimport org.shop.util.Texts.Inner;\nimport java.util.List;\n\npublic class Cart {\n  List<Amount> amounts;\n  Inner inner;\n  String name() { return clean("Rate"); }\n}\n',
    "src/main/java/org/shop/money/Amount.java": "package org.shop.money;\npublic record Amount(int value) {}\n",
    "src/main/java/org/shop/money/Rate.java": "package org.shop.money;\npublic enum Rate { LOW }\n",
    "src/main/java/org/shop/util/Texts.java":
      "package org.shop.util;\npublic class Texts {\n  public static class Inner {}\n  public static String clean(String a) { return a; }\n}\n",
    "src/test/java/org/shop/CartTest.java": "package org.shop;\nclass CartTest {\n  Cart cart = new Cart();\n}\n",
  });
  expect(await repository.imports()).toEqual([
    "src/main/java/org/shop/Cart.java → src/main/java/org/shop/money/Amount.java",
    "src/main/java/org/shop/Cart.java → src/main/java/org/shop/util/Texts.java",
  ]);
  expect(await repository.uses()).toEqual([
    "src/main/java/org/shop/Cart.java[Cart] → src/main/java/org/shop/money/Amount.java#Amount",
    "src/main/java/org/shop/Cart.java[Cart] → src/main/java/org/shop/util/Texts.java#Texts",
    "src/test/java/org/shop/CartTest.java[CartTest] → src/main/java/org/shop/Cart.java#Cart",
  ]);
});
