/** A text in the user's own editor, as git would open it; the file and its folder are gone afterwards. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { failure } from "../core/model/failure.ts";
import { err, ok, type Result } from "../core/model/result.ts";

/** `path` gives the file its name, so that the editor knows the language. */
export async function editText(path: string, text: string): Promise<Result<string>> {
  const editor = process.env.VISUAL || process.env.EDITOR || (process.stdin.isTTY ? "vi" : "");
  if (editor === "") return err(NO_EDITOR);
  const folder = await mkdtemp(join(tmpdir(), "forkjoin-edit-"));
  const file = join(folder, basename(path));
  try {
    await writeFile(file, text);
    const code = await open(editor, file);
    if (code !== 0) return err(failure("invalid_input", `the editor ended with ${code}`, "nothing was decided"));
    return ok(await readFile(file, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The variable may hold arguments, so a shell takes it apart: it is the user's own command. */
function open(editor: string, file: string): Promise<number | string> {
  const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: ["inherit", 2, "inherit"] });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code ?? signal ?? 1));
  });
}

const NO_EDITOR = failure("invalid_input", "neither VISUAL nor EDITOR is set", "set one, or use --choose");
