/** Components in one file: their scripts are read where they stand, and their markup for the names it uses. */
import { expect, test } from "vitest";
import { languageAnalyser } from "../../../src/adapters/language-analyser/language-analyser.ts";
import type { CodeFacts } from "../../../src/core/model/code-facts.ts";

const factsOf = (path: string, text: string): Promise<CodeFacts> => languageAnalyser().facts(path, Buffer.from(text));

test("a Vue component has its imports on their lines, its names, and what the template uses", async () => {
  const facts = await factsOf(
    "View.vue",
    `<template>
  <user-card :user="load()" />
</template>
<script lang="ts">
export default { name: "View" };
</script>
<script setup lang="ts">
import UserCard from "./UserCard.vue";
import { load } from "@/api";
const shown: boolean = true;
</script>
<style>
.load { color: red }
</style>
`,
  );
  expect(facts).toMatchObject({ language: "vue", depth: "symbol", status: "ok" });
  expect(facts.imports).toMatchObject([
    { specifier: "./UserCard.vue", line: 8, names: [{ name: "default", as: "UserCard" }] },
    { specifier: "@/api", line: 9, names: [{ name: "load", as: "load" }] },
  ]);
  expect(facts.symbols).toMatchObject([{ name: "shown", line: 10 }]);
  expect(facts.uses).toEqual([
    { name: "UserCard", line: 2, within: "" },
    { name: "load", line: 2, within: "" },
  ]);
});

test.each([
  ["A.svelte", `<script>\nimport { add } from "./add";\n</script>\n<p>{add(1)}</p>\n`, 2],
  ["A.astro", `---\nimport { add } from "./add";\n---\n<p>{add(1)}</p>\n`, 2],
  ["A.vue", `<script>\r\nimport { add } from "./add";\r\nadd(1);\r\n</script>\r\n`, 2],
])("%s", async (path, text, line) => {
  const facts = await factsOf(path, text);
  expect(facts.imports).toMatchObject([{ specifier: "./add", line }]);
  expect(facts.uses).toMatchObject([{ name: "add" }]);
  expect(facts.exports).toEqual([{ name: "default", local: "default" }]);
});

test("a component without a script, and one whose script does not end, are read as far as they go", async () => {
  expect(await factsOf("A.vue", "<template><p/></template>\n")).toMatchObject({ status: "ok", imports: [] });
  expect(await factsOf("B.vue", `<script>\nimport x from "./x";\n`)).toMatchObject({
    status: "partial",
    reason: "a script that does not end",
  });
});
