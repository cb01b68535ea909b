/** One workflow file: what is wrong with it is named by file, field and value. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseDocument } from "yaml";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { Workflow } from "../../core/model/workflow.ts";

const MAX_CHARACTERS = 500_000;

export async function readWorkflowFile(file: string): Promise<Result<Workflow>> {
  let value: unknown;
  try {
    const text = await readFile(file, "utf8");
    if (text.length > MAX_CHARACTERS) return err(invalid(`${file} has ${text.length} characters, too many`));
    const document = parseDocument(text, { prettyErrors: true });
    const [mistake] = document.errors;
    if (mistake !== undefined) return err(invalid(`${file} is no YAML: ${mistake.message.split("\n")[0]}`));
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return err(invalid(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`));
  }
  const parsed = Workflow.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.map(({ path, message }) => {
    const field = path.map(String).join(".") || "(the file)";
    return { field, code: "invalid_field", message: `${file}: ${field}: ${message}`, fix: `correct ${field}` };
  });
  return err({ ...invalid(problems[0]?.message ?? file), problems });
}

function invalid(message: string): Failure {
  return failure("invalid_workflow", message, "docs/workflows.md says how a workflow is written");
}

/** `202-bug-fixing.yaml` is what somebody means who asks for 202 or bug_fixing, even when it cannot be read. */
export function isFileOf(file: string, wanted: string): boolean {
  const plain = (text: string): string => text.trim().toLowerCase().replaceAll("-", "_");
  const stem = plain(basename(file).replace(/\.ya?ml$/, ""));
  const text = plain(wanted);
  const number = /^\d+(?=_|$)/.exec(stem)?.[0];
  return stem === text || (number !== undefined && number === text.split("_")[0]) || stem.replace(/^\d+_/, "") === text;
}
