/** Issues from files of the operator: one, or all in a folder; nothing outside the folder a client is confined to. */
import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { extname, isAbsolute, join, relative, resolve } from "node:path";
import { failure } from "../../core/model/failure.ts";
import type { Issue } from "../../core/model/issue.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { issueFromMarkdown, issuesFromJson } from "./parse-issues.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 200;
const ENDINGS = [".md", ".markdown", ".json"];
const HOW = "name #numbers, or an existing .md or .json file, or a folder of them";

interface Place {
  folder: string;
  confined: boolean;
}

export async function readIssueFiles(path: string, place: Place): Promise<Result<Issue[]>> {
  try {
    const real = await realpath(resolve(place.folder, path));
    if (place.confined && leadsOut(await realpath(place.folder), real)) {
      return err(failure("unknown_issue", `issues ${path}: it is not in the repository`, "name a path inside it"));
    }
    const isFolder = (await stat(real)).isDirectory();
    const files = isFolder ? await issueFilesIn(real) : [real];
    if (files.length === 0) return err(failure("unknown_issue", `issues ${path}: the folder holds none`, HOW));
    const issues: Issue[] = [];
    for (const file of files) {
      const read = await readIssueFile(file);
      if (!read.ok) return read;
      issues.push(...read.value);
    }
    return ok(issues);
  } catch {
    return err(failure("unknown_issue", `issue ${JSON.stringify(path)}: there is no such file or folder`, HOW));
  }
}

function leadsOut(folder: string, file: string): boolean {
  const inside = relative(folder, file);
  return inside.startsWith("..") || isAbsolute(inside);
}

/** `9.md` before `10.md`. */
async function issueFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name)));
  const { compare } = new Intl.Collator("en", { numeric: true });
  return files
    .map(({ name }) => name)
    .sort(compare)
    .slice(0, MAX_FILES)
    .map((name) => join(folder, name));
}

async function readIssueFile(file: string): Promise<Result<Issue[]>> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile() || !ENDINGS.includes(extname(file)))
      return err(failure("unknown_issue", `${file}: no issue`, HOW));
    if (found.size > MAX_BYTES) {
      return err(failure("unknown_issue", `${file} has ${found.size} bytes`, `at most ${MAX_BYTES} are read`));
    }
    const text = await handle.readFile("utf8");
    return extname(file) === ".json" ? issuesFromJson(file, text) : ok([issueFromMarkdown(file, text)]);
  } finally {
    await handle.close();
  }
}
