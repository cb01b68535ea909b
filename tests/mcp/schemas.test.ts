/** Schemas of the tools as clients compile them: JSON Schema 2020-12, every field with a type, small enough for every chat. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { wireTool } from "../../src/mcp/wire-tool.ts";
import { coreTools, furtherTools } from "../../src/tools/index.ts";

const tools = [...coreTools, ...furtherTools].map(wireTool);
const schemas = tools.flatMap(({ name, inputSchema, outputSchema }) => [
  { of: `${name} input`, schema: inputSchema },
  { of: `${name} output`, schema: outputSchema ?? {} },
]);

test.each(schemas)("$of compiles as JSON Schema 2020-12", ({ schema }) => {
  expect(() => new Ajv2020({ strict: true, strictTypes: "log" }).compile(schema)).not.toThrow();
});

test.each(schemas)("$of gives every field one type, and no tuples", ({ schema }) => {
  expect(untyped(schema, "")).toEqual([]);
});

test("what the answers look like costs at most half more than what a model sees", () => {
  const core = coreTools.map(wireTool);
  const seen = core.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const answers = core.map(({ outputSchema }) => outputSchema);
  const visible = JSON.stringify(seen).length;
  expect(visible / 4).toBeLessThan(2_000);
  expect(JSON.stringify(answers).length).toBeLessThan(1.5 * visible);
});

test("a schema is made once", () => {
  for (const tool of coreTools) expect(wireTool(tool)).toBe(wireTool(tool));
});

/** Places without one type, or with a keyword that not every client knows. */
function untyped(schema: unknown, at: string): string[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [`${at} is no schema`];
  const here = new Map(Object.entries(schema));
  const alternatives = here.get("anyOf");
  if (Array.isArray(alternatives)) return alternatives.flatMap((one, index) => untyped(one, `${at}|${index}`));
  const own = typeof here.get("type") === "string" && !here.has("prefixItems") ? [] : [at];
  const items = here.get("type") === "array" ? untyped(here.get("items"), `${at}[]`) : [];
  const properties = Object.entries(here.get("properties") ?? {});
  return [...own, ...items, ...properties.flatMap(([name, one]) => untyped(one, `${at}.${name}`))];
}
