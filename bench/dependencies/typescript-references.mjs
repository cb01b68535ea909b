/**
 * The oracle for symbol references: the TypeScript checker over the program of one tsconfig. Prints
 * `{files, references: [[from, to, symbol], …]}`: top-level symbols of other files of the repository that a file names.
 * node typescript-references.mjs TYPESCRIPT_FOLDER REPOSITORY [TSCONFIG]
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

const [, , folder, repo, config = "tsconfig.json"] = process.argv;
const ts = createRequire(join(resolve(folder), "x.js"))("typescript");
const root = resolve(repo);
const tracked = new Set(
  execFileSync("git", ["ls-files", "-z"], { cwd: root, maxBuffer: 1 << 28 })
    .toString()
    .split("\0")
    .filter(Boolean),
);
const path = join(root, config);
const { config: json } = ts.readConfigFile(path, ts.sys.readFile);
const parsed = ts.parseJsonConfigFileContent(json, ts.sys, dirname(path));
const program = ts.createProgram(parsed.fileNames, { ...parsed.options, noEmit: true, types: [] });
const checker = program.getTypeChecker();

/** The name of a declaration that stands at the top level of its file; undefined for members and locals. */
function topLevelName(declaration) {
  if (ts.isExportAssignment(declaration)) return "default";
  let holder = declaration;
  if (ts.isBindingElement(holder)) while (!ts.isVariableDeclaration(holder)) holder = holder.parent;
  if (ts.isVariableDeclaration(holder)) holder = holder.parent.parent;
  if (holder.parent === undefined || !ts.isSourceFile(holder.parent)) return undefined;
  const name = declaration.name?.text;
  return name ?? (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration) ? "default" : undefined);
}

const references = new Set();
const files = [];
for (const source of program.getSourceFiles()) {
  const from = relative(root, source.fileName);
  if (!tracked.has(from)) continue;
  files.push(from);
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isIdentifier(node)) {
      let symbol = checker.getSymbolAtLocation(node);
      if (ts.isShorthandPropertyAssignment(node.parent))
        symbol = checker.getShorthandAssignmentValueSymbol(node.parent);
      if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      for (const declaration of symbol?.declarations ?? []) {
        const to = relative(root, declaration.getSourceFile().fileName);
        const name =
          to === from || !tracked.has(to) || !ts.isExternalModule(declaration.getSourceFile())
            ? undefined
            : topLevelName(declaration);
        if (name !== undefined) references.add(`${from}\n${to}\n${name}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
process.stdout.write(JSON.stringify({ files, references: [...references].map((line) => line.split("\n")) }));
