/** Values in the forms in which models write them, brought to the type that is published, each change on record. */
import type { Schema } from "./schema.ts";

/** What was read in another way than it was written, one sentence each. */
export type Notes = Set<string>;

const WORDS = new Map<string, Record<string, string>>([
  [
    "outcome",
    {
      success: "done",
      succeeded: "done",
      complete: "done",
      completed: "done",
      ok: "done",
      failure: "failed",
      error: "failed",
      aborted: "abandoned",
      abort: "abandoned",
    },
  ],
  [
    "choice",
    {
      approve: "grant",
      approved: "grant",
      allow: "grant",
      granted: "grant",
      deny: "refuse",
      denied: "refuse",
      reject: "refuse",
      refused: "refuse",
      edit: "edited",
      custom: "edited",
      merge: "both",
    },
  ],
  ["strategy", { ours: "first_wins", theirs: "last_wins", smart: "smart_merge" }],
  ["mode", { stream: "streaming", batch: "batches", batched: "batches" }],
  ["objective", { speed: "time", makespan: "time", duration: "time" }],
  ["risk_level", { med: "medium", moderate: "medium", minor: "low", critical: "high" }],
  ["access", { readonly: "read_only", read: "read_only", rw: "write", read_write: "write", readwrite: "write" }],
]);

const ACCESS = ["write", "read_only", "read_only+test_execution"];

/** `value` as `schema` wants it where that is plain; else as it is, to be refused with its reason. Null stands for absent. */
export function fitValue(value: unknown, schema: Schema, at: string, notes: Notes): unknown {
  if (value === null) return undefined;
  if (schema.anyOf !== undefined) return fitBatch(value, at, notes);
  switch (schema.type) {
    case "string":
      return fitText(value, schema, at, notes);
    case "integer":
    case "number":
      return fitNumber(value, at, notes);
    case "boolean":
      return fitBoolean(value, at, notes);
    case "array":
      return fitList(value, schema, at, notes);
    case "object":
      return fitObject(value, schema, at, notes);
    default:
      return value;
  }
}

function fitText(value: unknown, schema: Schema, at: string, notes: Notes): unknown {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof text !== "string") return value;
  if (text !== value) notes.add(`${at}: read as text`);
  const field = nameOf(at);
  const values = field === "access" ? ACCESS : schema.enum;
  return values === undefined ? text : fitWord(text, values, field, notes);
}

function fitWord(text: string, values: string[], field: string, notes: Notes): string {
  if (values.includes(text)) return text;
  const folded = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  const meant = WORDS.get(field)?.[folded] ?? folded;
  const found = [meant, `${meant}s`, meant.replace(/s$/, "")].find((one) => values.includes(one));
  if (found === undefined) return text;
  notes.add(`${field}: ${JSON.stringify(text)} read as ${found}`);
  return found;
}

function fitNumber(value: unknown, at: string, notes: Notes): unknown {
  if (typeof value !== "string" || !/^\s*-?\d+(\.\d+)?\s*$/.test(value)) return value;
  notes.add(`${at}: read as a number`);
  return Number(value);
}

function fitBoolean(value: unknown, at: string, notes: Notes): unknown {
  const meant = { true: true, yes: true, false: false, no: false }[String(value).trim().toLowerCase()];
  if (typeof value === "boolean" || meant === undefined) return value;
  notes.add(`${at}: read as ${meant}`);
  return meant;
}

/** The number of a batch, or all of them. */
function fitBatch(value: unknown, at: string, notes: Notes): unknown {
  if (typeof value !== "string" || value === "all") return value;
  const number = /^(batch)?[\s_#-]*(\d{1,6})$/i.exec(value.trim())?.[2];
  const meant = number !== undefined ? Number(number) : /^all( batches)?$/i.test(value.trim()) ? "all" : undefined;
  const isNext = /^(next|the next one|)$/i.test(value.trim());
  if (meant === undefined && !isNext) return value;
  notes.add(`${at}: ${JSON.stringify(value)} read as ${meant ?? "the next one"}`);
  return meant;
}

function fitList(value: unknown, { items = {} }: Schema, at: string, notes: Notes): unknown {
  const list = asList(value, items, at, notes);
  if (!Array.isArray(list)) return value;
  const whole = items.enum !== undefined && list.some((one) => /^(all|everything|\*)$/i.test(String(one)));
  if (whole) return items.enum;
  return list.map((one, index) => fitValue(one, items, `${at}[${index}]`, notes)).filter((one) => one !== undefined);
}

function asList(value: unknown, items: Schema, at: string, notes: Notes): unknown {
  if (Array.isArray(value)) return value;
  const parsed = parsedText(value);
  if (Array.isArray(parsed)) {
    notes.add(`${at}: read as the list that the text holds`);
    return parsed;
  }
  if (typeof parsed === "object" && parsed !== null) {
    const inner = Reflect.get(parsed, nameOf(at));
    notes.add(`${at}: read as a list`);
    return Array.isArray(inner) ? inner : [parsed];
  }
  if (items.type !== "string" || (typeof value !== "string" && typeof value !== "number")) return value;
  notes.add(`${at}: read as a list`);
  const parts = String(value).split(/\s*[,;\n]\s*/);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function fitObject(value: unknown, { properties = {} }: Schema, at: string, notes: Notes): unknown {
  const object = parsedText(value);
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    if (typeof value !== "string" || nameOf(at) !== "workflow") return value;
    notes.add(`${at}: read as its id`);
    return { id: value };
  }
  if (object !== value) notes.add(`${at}: read as the object that the text holds`);
  const fields = Object.entries(object).map(([name, one]) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return [name, schema === undefined ? one : fitValue(one, schema, `${at}.${name}`, notes)];
  });
  return Object.fromEntries(fields.filter(([, one]) => one !== undefined && one !== null));
}

/** What a text that is JSON says; anything else as it is. */
export function parsedText(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed;
  } catch {
    return value;
  }
}

function nameOf(at: string): string {
  return at.slice(at.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
}
