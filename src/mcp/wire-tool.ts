/** Tools as they are listed to clients: JSON Schema 2020-12 in the part of it that every client reads, made once for each tool. */
import type { Tool as WireTool } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Tool } from "../tools/define-tool.ts";

type Schema = WireTool["inputSchema"];
type Json = Record<string, unknown>;

const made = new WeakMap<Tool, WireTool>();

export function wireTool(tool: Tool): WireTool {
  const known = made.get(tool) ?? converted(tool);
  made.set(tool, known);
  return known;
}

function converted({ name, title, description, input, output, annotations }: Tool): WireTool {
  const shared = { name, title, description, annotations: { title, ...annotations } };
  return { ...shared, inputSchema: inputSchema(input), outputSchema: outputSchema(output) };
}

const ObjectSchema = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string(), z.looseObject({})).optional(),
  required: z.array(z.string()).optional(),
});

/** Limits that no sensible call meets cost context in every chat; they are enforced when the call comes, with an answer that says how. */
const NOISE = ["maxLength", "maxItems", "minLength", "minItems", "minimum", "maximum", "additionalProperties"] as const;

/** The arguments of a tool, as they are published. */
export function inputSchema(schema: z.ZodObject): Schema {
  const override = ({ jsonSchema }: { jsonSchema: object }): void => {
    for (const key of NOISE) Reflect.deleteProperty(jsonSchema, key);
  };
  return objectSchema(schema, { io: "input", override });
}

/** The answer of a tool, its fields with their types and what is inside of them left open: artefacts are described in docs/. */
function outputSchema(schema: z.ZodObject): Schema {
  const { type, properties = {}, required } = objectSchema(schema, { io: "output" });
  const fields = Object.entries(properties).map(([name, field]) => [name, outline(field)]);
  return { type, properties: Object.fromEntries(fields), ...(required === undefined ? {} : { required }) };
}

function objectSchema(
  schema: z.ZodObject,
  options: { io: "input" | "output"; override?: (context: { jsonSchema: object }) => void },
): Schema & { properties?: Record<string, Json> } {
  const { $schema: _, ...whole } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    unrepresentable: "any",
    reused: "inline",
    ...options,
  });
  const { type, properties, required } = ObjectSchema.parse(whole);
  return {
    type,
    ...(properties === undefined ? {} : { properties }),
    ...(required === undefined ? {} : { required }),
  };
}

const Field = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  items: z.looseObject({}).optional().catch(undefined),
  anyOf: z.array(z.looseObject({})).optional(),
});

function outline(field: object): Json {
  const { type, items, anyOf } = Field.parse(field);
  if (anyOf !== undefined) return { anyOf: anyOf.map(outline) };
  if (Array.isArray(type)) return { anyOf: type.map((one) => ({ type: one })) };
  if (type !== "array") return { type: type ?? "string" };
  return { type, items: outline(items ?? {}) };
}
