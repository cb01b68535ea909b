/** Phase 4.3 — a task that owes a structured output has handed it back, and it is what was asked for; the next attempt is told what was not. */
import { type Failure, failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import { type OutputPart, TaskOutput } from "../model/task-output.ts";

const SHAPES: Record<OutputPart, string> = {
  notes: '"notes": "what whoever goes on must know"',
  passed: '"passed": true or false',
  tasks:
    '"tasks": [{"id": "short-name", "description": "one change, in full sentences", "files": ["exact/path.ext", "folder/**"], "estimated": "10min", "depends_on": []}]',
};

/** The JSON object that `parts` ask for, as a line to copy. */
export function outputShape(parts: readonly OutputPart[]): string {
  return `{${parts.map((part) => SHAPES[part]).join(", ")}}`;
}

/** `text` as the object asked for. Where only notes are, prose is as good as JSON. */
export function readOutput(text: string | undefined, parts: readonly OutputPart[]): Result<TaskOutput> {
  if (parts.length === 0) return ok(text === undefined || text.trim() === "" ? {} : { notes: text });
  if (text === undefined || text.trim() === "") return err(invalid("nothing was handed back", parts));
  const value = jsonOf(text);
  if (value === undefined && parts.every((part) => part === "notes")) return ok({ notes: text });
  if (value === undefined) return err(invalid(`prose was handed back: ${JSON.stringify(text.slice(0, 80))}`, parts));
  const read = TaskOutput.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return err(invalid(`the output's ${issue?.path.map(String).join(".") || "value"}: ${issue?.message}`, parts));
  }
  const missing = parts.filter((part) => read.data[part] === undefined);
  if (missing.length > 0) return err(invalid(`the output has no ${missing.join(" and no ")}`, parts));
  return ok(read.data);
}

function invalid(message: string, parts: readonly OutputPart[]): Failure {
  return failure("invalid_output", message, `write exactly one JSON object: ${outputShape(parts)}`);
}

/** The object itself, or the one in a code fence: models like to wrap what they write. */
function jsonOf(text: string): unknown {
  const fence = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  for (const candidate of [text, ...(fence === undefined ? [] : [fence])]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    } catch {
      // The next one.
    }
  }
  return undefined;
}
