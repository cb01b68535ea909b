/**
 * The oracle for import edges: the TypeScript compiler's own resolution, with workspace packages linked and their output
 * folders present as they would be after install and build, both virtually. Prints `[[from, to], …]` as JSON.
 * node typescript-imports.mjs TYPESCRIPT_FOLDER REPOSITORY [PREFIX]
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

const [, , folder, repo, prefix = ""] = process.argv;
const ts = createRequire(join(resolve(folder), "x.js"))("typescript");
const root = resolve(repo);
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, maxBuffer: 1 << 28 })
  .toString()
  .split("\0")
  .filter(Boolean);
const files = new Set(tracked.map((path) => join(root, path)));
const folders = new Set();
for (const file of files)
  for (let at = dirname(file); at.length >= root.length && !folders.has(at); at = dirname(at)) folders.add(at);

const packages = new Map();
for (const path of tracked
  .filter((name) => /(^|\/)package\.json$/.test(name))
  .sort((a, b) => a.split("/").length - b.split("/").length)) {
  try {
    const { name } = JSON.parse(readFileSync(join(root, path), "utf8"));
    if (name && !packages.has(name)) packages.set(name, dirname(join(root, path)));
  } catch {}
}

/** node_modules/<name> is the package; dist/ holds what src/ has. */
function real(path) {
  const at = path.lastIndexOf("/node_modules/");
  let mapped = path;
  if (at !== -1) {
    const segments = path.slice(at + "/node_modules/".length).split("/");
    const count = segments[0].startsWith("@") ? 2 : 1;
    const target = packages.get(segments.slice(0, count).join("/"));
    if (target === undefined) return undefined;
    mapped = [target, ...segments.slice(count)].join("/");
  }
  if (files.has(mapped)) return mapped;
  const built = /^(.*?)\/(?:dist|lib)\/(.*)\.(?:d\.ts|d\.mts|js|mjs|cjs)$/.exec(mapped);
  if (built === null) return undefined;
  const stems = [built[2], built[2].replace(/^(types|esm|cjs)\//, "")].map((stem) => `${built[1]}/src/${stem}`);
  return stems.flatMap((stem) => [`${stem}.ts`, `${stem}.tsx`]).find((file) => files.has(file));
}

const host = {
  fileExists: (path) => real(path) !== undefined,
  readFile: (path) => {
    const file = real(path);
    return file === undefined ? undefined : readFileSync(file, "utf8");
  },
  directoryExists: () => true,
  getDirectories: () => [],
  getCurrentDirectory: () => root,
  useCaseSensitiveFileNames: true,
};
const parseHost = { ...host, readDirectory: () => [], fileExists: host.fileExists };

const optionsByFolder = new Map();
function optionsOf(file) {
  const here = dirname(file);
  if (optionsByFolder.has(here)) return optionsByFolder.get(here);
  let config;
  for (let at = here; at.length >= root.length && config === undefined; at = dirname(at)) {
    config = ["tsconfig.json", "jsconfig.json"].map((name) => join(at, name)).find((name) => files.has(name));
  }
  let options = {};
  if (config !== undefined) {
    const { config: json } = ts.readConfigFile(config, host.readFile);
    options = ts.parseJsonConfigFileContent(json ?? {}, parseHost, dirname(config)).options;
  }
  options = { ...options, allowJs: true, resolveJsonModule: true, preserveSymlinks: true };
  if (options.moduleResolution === undefined || options.moduleResolution === 1)
    options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  if (options.moduleResolution === ts.ModuleResolutionKind.Bundler) options.module = ts.ModuleKind.ESNext;
  optionsByFolder.set(here, options);
  return options;
}

const edges = new Set();
for (const path of tracked.filter(
  (name) => name.startsWith(prefix) && /\.(ts|tsx|js|jsx|mts|cts|mjs|cjs)$/.test(name),
)) {
  const file = join(root, path);
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    continue;
  }
  if (text.length > 2_000_000) continue;
  const info = ts.preProcessFile(text, true, true);
  for (const { fileName } of info.importedFiles) {
    const { resolvedModule } = ts.resolveModuleName(fileName, file, optionsOf(file), host);
    const target = resolvedModule && real(resolvedModule.resolvedFileName);
    if (target === undefined || target === file) continue;
    edges.add(`${path}\n${relative(root, target)}`);
  }
}
process.stdout.write(JSON.stringify([...edges].map((edge) => edge.split("\n"))));
