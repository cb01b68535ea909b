/**
 * Makes the changes kept in one folder: `new/` holds whole files at their places in the repository, `replace.txt` says which text
 * becomes which, as sections `=== path`, `--- this`, `--- becomes`.
 */
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** An edit that cannot be made here; nothing is guessed. */
export class EditFailure extends Error {}

/** Changes the files under `root` and returns one line per change made. */
export async function applyEdits(folder, root) {
  const done = [];
  for (const replacement of await readReplacements(join(folder, "replace.txt"))) {
    await replaceText(join(root, replacement.path), replacement);
    done.push(`Changed ${replacement.path}`);
  }
  const files = await newFiles(join(folder, "new"));
  for (const path of files) {
    await cp(join(folder, "new", path), join(root, path));
    done.push(`Wrote ${path}`);
  }
  return [...new Set(done)];
}

/** The paths that the changes kept in `folder` touch, sorted. */
export async function editedPaths(folder) {
  const replaced = (await readReplacements(join(folder, "replace.txt"))).map((replacement) => replacement.path);
  return [...new Set([...replaced, ...(await newFiles(join(folder, "new")))])].sort();
}

async function replaceText(file, { path, before, after }) {
  const text = await readFile(file, "utf8").catch(absent);
  if (text === undefined) throw new EditFailure(`the edit does not apply: there is no file ${path}`);
  const parts = text.split(before);
  if (parts.length !== 2) {
    const found = parts.length === 1 ? "does not hold" : `holds ${parts.length - 1} times`;
    throw new EditFailure(
      `the edit does not apply: ${path} ${found} the text to replace, which begins ${quoted(before)}`,
    );
  }
  await writeFile(file, parts.join(after));
}

/** `[{ path, before, after }]`, empty when there is no such file. */
async function readReplacements(file) {
  const text = (await readFile(file, "utf8").catch(absent)) ?? "";
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [, path, before, after] = /^([^\n]+)\n--- this\n(.*)\n--- becomes\n(.*)\n$/s.exec(section) ?? [];
      if (after === undefined) throw new EditFailure(`${file} has a section that is not written as it should be`);
      return { path, before, after };
    });
}

async function newFiles(folder) {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent)) ?? [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.split(sep).join("/"))
    .sort();
}

function absent(error) {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

function quoted(text) {
  return JSON.stringify(text.split("\n")[0].slice(0, 60));
}
