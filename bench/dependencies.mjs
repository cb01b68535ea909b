/**
 * Dependency analysis against its goals: cost beside the peers, accuracy beside the oracles, need recall over real commit windows.
 * Needs `npm run build` and, by environment: FORKJOIN_BENCH_REPOS (a folder of clones: playwright, medusa, celery, caddy, bat,
 * guice), FORKJOIN_BENCH_PEERS (a folder with typescript 5.9.3, dependency-cruiser 17.4.3, madge 8.0.0, skott 0.35.12 installed),
 * FORKJOIN_BENCH_DATA (the replay windows). What is missing is skipped, and said.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareEdges } from "./dependencies/compare-edges.mjs";
import { checkLabels } from "./dependencies/label-check.mjs";
import { interleaved } from "./dependencies/measure.mjs";
import { openCode } from "./dependencies/open-code.mjs";

const { FORKJOIN_BENCH_REPOS: repos = "", FORKJOIN_BENCH_PEERS: peers = "" } = process.env;
const rounds = Number(process.env.ROUNDS ?? 3);
const here = (name) => fileURLToPath(new URL(`dependencies/${name}`, import.meta.url));
const clone = (name) => (existsSync(join(repos, name)) ? join(repos, name) : undefined);
const rows = [];
const row = (what, goal, reached) => {
  rows.push({ what, goal, reached });
  process.stderr.write(`${what}: ${reached} (goal ${goal})\n`);
};
const json = (program, args) =>
  JSON.parse(
    execFileSync(program, args, { maxBuffer: 1 << 29, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
const share = (value) => value.toFixed(4);

function cost(name, folder) {
  const repo = clone(name);
  const modules = join(peers, "node_modules");
  if (repo === undefined || !existsSync(join(modules, "dependency-cruiser")))
    return row(`cost, ${name}`, "", "skipped: clone or peers missing");
  const endings = "ts,tsx,js,jsx,mjs,cjs,mts,cts";
  const at = (path) => join(modules, path);
  const runs = interleaved(
    [
      { name: "forkjoin", cwd: repo, command: [process.execPath, here("import-graph.mjs"), repo, `${folder}/`] },
      {
        name: "dependency-cruiser",
        cwd: repo,
        command: [
          process.execPath,
          at("dependency-cruiser/bin/dependency-cruise.mjs"),
          "--no-config",
          "--output-type",
          "json",
          folder,
        ],
      },
      {
        name: "madge",
        cwd: repo,
        command: [process.execPath, at("madge/bin/cli.js"), "--json", "--extensions", endings, folder],
      },
      {
        name: "skott",
        cwd: join(repo, folder),
        command: [
          process.execPath,
          at("skott/dist/bin/cli.js"),
          "--displayMode=raw",
          "--fileExtensions",
          endings.replaceAll(/\w+/g, ".$&"),
        ],
      },
    ],
    rounds,
  );
  const [ours] = runs;
  const goals = { "dependency-cruiser": "≥ 7×", madge: "≥ 15×", skott: "≥ 25×" };
  row(
    `cost, ${name}/${folder}: Forkjoin`,
    "",
    `${ours.cpu_s.toFixed(2)} CPU s, ${Math.round(ours.rss_mb)} MB, ${ours.head.trim()}`,
  );
  for (const run of runs.slice(1)) {
    const memory =
      run.name === "dependency-cruiser"
        ? `, memory ${(ours.rss_mb / run.rss_mb).toFixed(2)} of its ${Math.round(run.rss_mb)} MB (goal ≤ 0.4)`
        : "";
    row(
      `cost, ${name}/${folder}: ${run.name}`,
      `${goals[run.name]} less CPU`,
      `${run.cpu_s.toFixed(2)} CPU s = ${(run.cpu_s / ours.cpu_s).toFixed(1)}×${memory}`,
    );
  }
}

const CODE = /\.(ts|tsx|js|jsx|mts|cts|mjs|cjs|json)$/;

async function typescript(name) {
  const repo = clone(name);
  if (repo === undefined || !existsSync(join(peers, "node_modules/typescript")))
    return row(`TypeScript, ${name}`, "", "skipped: clone or oracle missing");
  const { index, importEdges, close } = await openCode(repo);
  const files = index.codeFiles().filter((path) => /^(java|type)script$/.test(index.languageOf(path) ?? ""));
  await index.load(files);
  const edges = importEdges(files, index)
    .map(({ from, to }) => [from, to])
    .filter(([, to]) => CODE.test(to));
  close();
  const imports = compareEdges(edges, json(process.execPath, [here("typescript-imports.mjs"), peers, repo]));
  row(
    `import edges against the TypeScript compiler, ${name} (${imports.truth})`,
    "precision ≥ 0.98, recall ≥ 0.995",
    `${share(imports.precision)}, ${share(imports.recall)}`,
  );
}

async function references(name) {
  const repo = clone(name);
  if (repo === undefined || !existsSync(join(peers, "node_modules/typescript")))
    return row(`references, ${name}`, "", "skipped");
  const truth = json(process.execPath, [here("typescript-references.mjs"), peers, repo]);
  const files = new Set(truth.files);
  const { index, loadWithTargets, referencesOf, close } = await openCode(repo);
  await loadWithTargets(truth.files, index);
  const found = truth.files.flatMap((from) =>
    referencesOf(from, index)
      .filter(({ to, symbol }) => to !== from && files.has(to) && symbol !== "*")
      .map(({ to, symbol }) => [from, to, symbol]),
  );
  close();
  const result = compareEdges(found, truth.references);
  row(
    `symbol references against the TypeScript checker, ${name} (${result.truth})`,
    "precision ≥ 0.98, recall ≥ 0.99",
    `${share(result.precision)}, ${share(result.recall)}`,
  );
}

async function python(name) {
  const repo = clone(name);
  if (repo === undefined) return row(`Python, ${name}`, "", "skipped: clone missing");
  const truth = json("python3", [here("python-truth.py"), repo]);
  const { index, loadWithTargets, importEdges, close } = await openCode(repo);
  await loadWithTargets(truth.files, index);
  const imports = compareEdges(
    importEdges(truth.files, index).map(({ from, to }) => [from, to]),
    truth.imports,
  );
  const definitions = truth.files.flatMap((path) =>
    (index.factsOf(path)?.symbols ?? [])
      .filter(({ kind }) => kind !== "variable")
      .map(({ name, line }) => [path, name, line]),
  );
  close();
  const symbols = compareEdges(definitions, truth.definitions);
  const goal = "precision ≥ 0.99, recall ≥ 0.995";
  row(
    `Python imports against ast, ${name} (${imports.truth})`,
    goal,
    `${share(imports.precision)}, ${share(imports.recall)}`,
  );
  row(
    `Python definitions against ast, ${name} (${symbols.truth})`,
    goal,
    `${share(symbols.precision)}, ${share(symbols.recall)}`,
  );
}

async function labelled(language, name) {
  const repo = clone(name);
  if (repo === undefined) return row(`${language}, labelled`, "", "skipped: clone missing");
  const { precision, recall, labelled: count } = await checkLabels(here(`labels/${language}.json`), repo);
  row(
    `${language}: 50 labelled imports of ${name} (${count} files)`,
    "≥ 0.95 both",
    `${share(precision)}, ${share(recall)}`,
  );
}

/** Four commits, each with one file changed, on a copy without files. */
function warm(name, file) {
  const repo = clone(name);
  if (repo === undefined) return row("warm", "", "skipped: clone missing");
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-warm-"));
  const who = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a" };
  const git = (...args) =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...who } }).trim();
  git("clone", "--quiet", "--shared", "--no-checkout", repo, ".");
  git("read-tree", "HEAD");
  const commits = [1, 2, 3].map((number) => {
    writeFileSync(
      join(folder, "changed"),
      `${git("show", `HEAD:${file}`)}\nexport const change${number} = ${number}\n`,
    );
    git("update-index", "--cacheinfo", `100644,${git("hash-object", "-w", "changed")},${file}`);
    return git("commit-tree", git("write-tree"), "-p", "HEAD", "-m", "c");
  });
  const run = (...revisions) =>
    json(process.execPath, [here("warm.mjs"), folder, join(folder, "cache"), ...revisions]).laps;
  run("HEAD");
  const [fresh] = run(commits[0]);
  const [, live] = run(commits[1], commits[2]);
  rmSync(folder, { recursive: true, force: true });
  row(
    `warm, one file changed, ${fresh.files} code files of ${name}`,
    "≤ 1 s new process, ≤ 300 ms running",
    `${fresh.ms} ms, ${live.ms} ms`,
  );
}

cost("playwright", "packages");
cost("medusa", "packages");
warm("medusa", "packages/core/utils/src/common/is-string.ts");
await typescript("playwright");
await typescript("medusa");
await typescript("trpc");
await references("playwright");
await python("celery");
await labelled("go", "caddy");
await labelled("rust", "bat");
await labelled("java", "guice");
console.log(
  [
    "| what | goal | reached |",
    "| --- | --- | --- |",
    ...rows.map((one) => `| ${one.what} | ${one.goal} | ${one.reached} |`),
  ].join("\n"),
);
