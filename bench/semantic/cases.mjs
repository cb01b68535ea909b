/** The labelled pairs of changes, as commits of one temporary repository: base, one task's change, the other's. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Every case with the full text of its files; `expected` is the symbol of the conflict, or undefined for a harmless twin. */
export function readCases(folder) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  return files.flatMap((file) =>
    parse(readFileSync(join(folder, file), "utf8")).flatMap((scenario) => {
      const { id, kind, base, conflict, harmless } = scenario;
      const language = file.slice(0, -".yaml".length);
      const variant = (name, side) => {
        const a = applied(base, side.a ?? scenario.a, id);
        return { id: `${id}/${name}`, language, kind, base, a, b: applied(base, side.b, id), expected: side.symbol };
      };
      return [variant("conflict", conflict), variant("harmless", harmless)];
    }),
  );
}

function applied(base, change, id) {
  const files = { ...base };
  for (const [path, wanted] of Object.entries(change)) {
    if (wanted === null) delete files[path];
    else if (typeof wanted === "string") files[path] = wanted;
    else files[path] = edited(base[path], wanted, `${id} ${path}`);
  }
  return files;
}

function edited(text, { replace = {}, append = "" }, where) {
  if (text === undefined) throw new Error(`${where}: there is no such file to change`);
  let result = text;
  for (const [old, now] of Object.entries(replace)) {
    if (!result.includes(old)) throw new Error(`${where}: ${JSON.stringify(old)} is not in the file`);
    result = result.replaceAll(old, now);
  }
  return result + append;
}

/** Writes the three states of every case in one go; returns their commits in the order of `cases`. */
export function commitCases(folder, cases) {
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", folder]);
  const marks = [];
  const stream = cases.flatMap(({ base, a, b }) =>
    [base, a, b].map((files) => {
      marks.push(marks.length + 1);
      return commitText(marks.length, files);
    }),
  );
  const input = `${stream.join("")}done\n`;
  execFileSync(
    "git",
    ["-C", folder, "fast-import", "--quiet", "--done", `--export-marks=${join(folder, ".git", "marks")}`],
    { input },
  );
  const ids = new Map(
    readFileSync(join(folder, ".git", "marks"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.slice(1).split(" "))
      .map(([mark, id]) => [Number(mark), id]),
  );
  return cases.map((_, at) => [1, 2, 3].map((which) => ids.get(at * 3 + which)));
}

function commitText(mark, files) {
  const changes = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  );
  const head = `commit refs/cases/${mark}\nmark :${mark}\ncommitter bench <bench@example.org> 0 +0000\ndata 4\ncase\n`;
  return `${head}${changes.join("")}\n`;
}
