/** The part of JSON Schema in which the arguments of tools are published. */
import { z } from "zod";

export interface Schema {
  type?: string | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  enum?: string[] | undefined;
  anyOf?: Schema[] | undefined;
}

export const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
    enum: z.array(z.string()).optional(),
    anyOf: z.array(Schema).optional(),
  }),
);

/** What to write for a value of this schema. */
export function wanted({ type, items, enum: values, anyOf }: Schema): string {
  if (values !== undefined) return `one of ${values.join(", ")}`;
  if (anyOf !== undefined) return anyOf.map(wanted).join(" or ");
  if (type === "array")
    return items?.enum === undefined ? `a list of ${plural(items?.type)}` : `a list of ${items.enum.join(", ")}`;
  return SINGULAR.get(type ?? "") ?? "a value";
}

const SINGULAR = new Map([
  ["string", "a text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["object", "an object"],
]);

function plural(type = "string"): string {
  return type === "object" ? "objects" : `${type === "string" ? "text" : type}s`;
}
