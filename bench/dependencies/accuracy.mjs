/** Imports, references and definitions beside the oracles (the TypeScript compiler, CPython's ast) and beside hand-labelled samples. */
import { compareEdges } from "./compare-edges.mjs";
import { clone, json, peers, row, script, share } from "./ground.mjs";
import { checkLabels } from "./label-check.mjs";
import { openCode } from "./open-code.mjs";

const CODE = /\.(ts|tsx|js|jsx|mts|cts|mjs|cjs|json)$/;
const explain = process.env.EXPLAIN !== undefined;

function report(what, goal, compared) {
  row(`${what} (${compared.truth})`, goal, `precision ${share(compared.precision)}, recall ${share(compared.recall)}`);
  if (explain) process.stderr.write(`${JSON.stringify({ wrong: compared.wrong, missed: compared.missed }, null, 1)}\n`);
}

export async function typescriptImports(name) {
  const what = `import edges against the TypeScript compiler, ${name}`;
  const repository = clone(name, what);
  if (repository === undefined) return;
  const { index, importEdges, close } = await openCode(repository);
  const files = index.codeFiles().filter((path) => /^(java|type)script$/.test(index.languageOf(path) ?? ""));
  await index.load(files);
  const edges = importEdges(files, index)
    .map(({ from, to }) => [from, to])
    .filter(([, to]) => CODE.test(to));
  close();
  const truth = json(process.execPath, [script("typescript-imports.mjs"), peers(), repository]);
  report(what, "precision ≥ 0.98, recall ≥ 0.995", compareEdges(edges, truth));
}

export async function typescriptReferences(name) {
  const what = `symbol references against the TypeScript checker, ${name}`;
  const repository = clone(name, what);
  if (repository === undefined) return;
  const truth = json(process.execPath, [script("typescript-references.mjs"), peers(), repository]);
  const files = new Set(truth.files);
  const { index, loadWithTargets, referencesOf, close } = await openCode(repository);
  await loadWithTargets(truth.files, index);
  const found = truth.files.flatMap((from) =>
    referencesOf(from, index)
      .filter(({ to, symbol }) => to !== from && files.has(to) && symbol !== "*")
      .map(({ to, symbol }) => [from, to, symbol]),
  );
  close();
  report(what, "precision ≥ 0.98, recall ≥ 0.99", compareEdges(found, truth.references));
}

/** Top-level symbols by name, and by name with their first and last line. */
export async function typescriptDefinitions(name) {
  const what = `top-level symbols against the TypeScript parser, ${name}`;
  const repository = clone(name, what);
  if (repository === undefined) return;
  const truth = json(process.execPath, [script("typescript-definitions.mjs"), peers(), repository]);
  const files = [...new Set(truth.map(([path]) => path))];
  const { index, close } = await openCode(repository);
  await index.load(files);
  close();
  const found = files.flatMap((path) =>
    (index.factsOf(path)?.symbols ?? [])
      .filter((symbol) => symbol.kind !== "import")
      .map((symbol) => [path, symbol.name, symbol.line, symbol.end]),
  );
  const named = (list) => list.map(([path, symbol]) => [path, symbol]);
  report(`${what}: names`, "", compareEdges(named(found), named(truth)));
  report(`${what}: with first and last line`, "", compareEdges(found, truth));
}

export async function python(name) {
  const repository = clone(name, `Python, ${name}`);
  if (repository === undefined) return;
  const truth = json("python3", [script("python-truth.py"), repository]);
  const { index, loadWithTargets, importEdges, close } = await openCode(repository);
  await loadWithTargets(truth.files, index);
  const imports = importEdges(truth.files, index).map(({ from, to }) => [from, to]);
  const definitions = truth.files.flatMap((path) =>
    (index.factsOf(path)?.symbols ?? [])
      .filter(({ kind }) => kind !== "variable")
      .map((symbol) => [path, symbol.name, symbol.line]),
  );
  close();
  const goal = "precision ≥ 0.99, recall ≥ 0.995";
  report(`Python imports against ast, ${name}`, goal, compareEdges(imports, truth.imports));
  report(`Python definitions against ast, ${name}`, goal, compareEdges(definitions, truth.definitions));
}

export async function labelled(language, name) {
  const what = `${language}: 50 labelled imports of ${name}`;
  const repository = clone(name, what);
  if (repository === undefined) return;
  const {
    precision,
    recall,
    labelled: truth,
    differing,
  } = await checkLabels(script(`labels/${language}.json`), repository);
  report(what, "≥ 0.95 both", { precision, recall, truth, wrong: differing, missed: [] });
}
