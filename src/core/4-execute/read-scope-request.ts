/** Scope request in an agent's FORKJOIN_SCOPE_REQUEST file: data like everything an agent writes, and read only when its attempt failed. */
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import { scopePatternProblem } from "../model/scope-pattern.ts";

export const MAX_SCOPE_REQUEST = 64_000;
const MAX_FILES = 50;
const MAX_REASON = 2_000;
const SHAPE = 'write {"files": ["src/a.ts"], "reason": "why"}, at most 50 files';

export function readScopeRequest(text: string): Result<{ files: string[]; reason: string }> {
  const value = parsed(text);
  if (typeof value !== "object" || value === null) return err(malformed("it is no JSON object"));
  const files: unknown = Reflect.get(value, "files");
  const reason: unknown = Reflect.get(value, "reason");
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES)
    return err(malformed("files is no list of files"));
  const names: string[] = [];
  for (const [index, file] of files.entries()) {
    const problem = typeof file === "string" ? scopePatternProblem(file) : "is no text";
    if (problem !== undefined) return err(malformed(`files[${index}] ${problem}`));
    names.push(String(file));
  }
  return ok({ files: names, reason: typeof reason === "string" ? reason.slice(0, MAX_REASON) : "" });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(what: string): ReturnType<typeof failure> {
  return failure("invalid_input", `the scope request was not understood: ${what}`, SHAPE);
}
