/**
 * The oracle for top-level symbols: the TypeScript parser. Prints `[[file, name, first line, last line], …]` as JSON; several
 * declarations of one name (overloads, merged interfaces) each count. node typescript-definitions.mjs TYPESCRIPT_FOLDER REPOSITORY
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [, , folder, repo] = process.argv;
const ts = createRequire(join(resolve(folder), "x.js"))("typescript");
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: repo, maxBuffer: 1 << 28 })
  .toString()
  .split("\0");

function names(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  const declares =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name));
  return declares && statement.name && statement.name.text !== "global" ? [statement.name.text] : [];
}

function bound(name) {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []));
}

const found = [];
for (const path of tracked.filter((name) => /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/.test(name))) {
  let text;
  try {
    text = readFileSync(join(repo, path), "utf8");
  } catch {
    continue;
  }
  if (text.length > 2_000_000) continue;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  if (source.parseDiagnostics.length > 0) continue;
  const line = (offset) => source.getLineAndCharacterOfPosition(offset).line + 1;
  for (const statement of source.statements) {
    for (const name of names(statement))
      found.push([path, name, line(statement.getStart(source)), line(statement.end)]);
  }
}
process.stdout.write(JSON.stringify(found));
