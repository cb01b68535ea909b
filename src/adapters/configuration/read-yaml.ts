/** Reads a YAML (or JSON) file and says where it is not one. */
import { readFile, stat } from "node:fs/promises";
import { parseDocument } from "yaml";
import { failure, type PlainCode } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";

const MAX_BYTES = 2 * 1024 * 1024;

/** The file's value. Errors name the file, line and column; `code` is the failure's. */
export async function readYaml(file: string, code: PlainCode): Promise<Result<unknown>> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) return err(failure(code, `${file} has ${size} bytes`, `at most ${MAX_BYTES} are read`));
    text = await readFile(file, "utf8");
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return err(failure(code, `${file} cannot be read: ${cause}`, "name an existing, readable YAML file"));
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [line] = broken.message.split("\n");
    return err(failure(code, `${file} is no YAML: ${line}`, "correct the file at that place"));
  }
  try {
    return ok(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return err(failure(code, `${file} is no YAML: ${cause}`, "write repeated values out instead of using aliases"));
  }
}
