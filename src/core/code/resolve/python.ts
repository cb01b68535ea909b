/** Where a Python import leads: packages, relative imports, src layouts; by the file list alone. */
import type { ImportedName, ImportFact } from "../../model/code-facts.ts";
import { type FileSet, folderOf, foldersUp, joinPath, nameOf } from "../file-set.ts";
import type { FactsOf, ResolveContext, Resolver, Target } from "./resolver.ts";

const PROJECT = new Set(["pyproject.toml", "setup.cfg", "setup.py"]);
const SOURCE_FOLDERS = ["src", "lib", "python"];

export function pythonResolver({ files, configuration }: ResolveContext): Resolver {
  const roots = rootsOf(files, configuration);
  const declared = [...configuration].filter(([path]) => PROJECT.has(nameOf(path))).map(([, text]) => text);
  const known = new Map<string, string | undefined>();
  const place: Place = { files, roots, declared, known };
  return (from, fact, factsOf) => {
    const base = moduleOf(fact.specifier, from, place);
    return fact.names.flatMap((name) => targetOf(name, { base, from, fact, place, factsOf }));
  };
}

interface Place {
  files: FileSet;
  roots: string[];
  /** texts of manifests, which name what comes from elsewhere */
  declared: string[];
  known: Map<string, string | undefined>;
}

interface Asked {
  base: string | undefined;
  from: string;
  fact: ImportFact;
  place: Place;
  factsOf: FactsOf;
}

/** The repository itself, its usual source folders, and those of every project inside it. */
function rootsOf(files: FileSet, configuration: Map<string, string>): string[] {
  const projects = [...configuration.keys()].filter((path) => PROJECT.has(nameOf(path))).map(folderOf);
  const folders = ["", ...projects.sort()];
  const roots = folders.flatMap((folder) => [
    folder,
    ...SOURCE_FOLDERS.map((name) => (folder === "" ? name : `${folder}/${name}`)),
  ]);
  return [...new Set(roots)].filter((root) => root === "" || files.hasFolder(root));
}

/** Path of a module without its ending: `pkg/mod` for `pkg/mod.py` as for `pkg/mod/__init__.py`; undefined when it is elsewhere. */
function moduleOf(specifier: string, from: string, place: Place): string | undefined {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const rest = specifier
    .slice(dots)
    .split(".")
    .filter((part) => part !== "")
    .join("/");
  if (dots > 0) return joinPath(folderOf(from), `${"../".repeat(dots - 1)}${rest}`);
  const key = `${folderOf(from)}\n${rest}`;
  if (!place.known.has(key)) place.known.set(key, absolute(rest, from, place));
  return place.known.get(key);
}

function absolute(module: string, from: string, place: Place): string | undefined {
  const { files, roots } = place;
  const own = packageRoot(from, files);
  const top = module.split("/")[0] ?? module;
  const candidates = [...(isElsewhere(top, place) ? [] : [own]), ...roots];
  const joined = candidates.map((root) => (root === "" ? module : `${root}/${module}`));
  return joined.find((path) => fileOf(path, files) !== undefined) ?? joined.find((path) => files.hasFolder(path));
}

/** The folder that holds the importing file's outermost package: where its siblings are importable by name. */
function packageRoot(from: string, files: FileSet): string {
  const isPackage = (folder: string): boolean => files.has(folder === "" ? "__init__.py" : `${folder}/__init__.py`);
  return foldersUp(folderOf(from)).find((folder) => !isPackage(folder)) ?? "";
}

/** A dependency of that name is declared: a folder that happens to be called the same does not shadow it. */
function isElsewhere(top: string, { declared }: Place): boolean {
  const name = top.replaceAll("_", "-");
  return declared.some((text) => text.includes(`"${top}`) || text.includes(`"${name}`) || text.includes(`\n${name}`));
}

function targetOf(name: ImportedName, { base, from, fact, place, factsOf }: Asked): Target[] {
  if (base === undefined) return [];
  const { files } = place;
  const file = fileOf(base, files);
  if (name.name === "*") return file === undefined || file === from ? [] : [{ path: file, module: true }];
  const submodule = fileOf(base === "" ? name.name : `${base}/${name.name}`, files);
  const facts = file === undefined ? undefined : factsOf(file);
  const bound = facts?.imports.some((other) => other !== fact && other.names.some((one) => one.as === name.name));
  const defined = bound || facts?.symbols.some((symbol) => symbol.name === name.name);
  if (submodule !== undefined && (!defined || bound)) return [{ path: submodule, module: true }];
  return file === undefined || file === from ? [] : [{ path: file, symbol: name.name }];
}

function fileOf(module: string, files: FileSet): string | undefined {
  const prefix = module === "" ? "" : `${module}/`;
  const plain = module === "" ? [] : [`${module}.py`, `${module}.pyi`];
  return [`${prefix}__init__.py`, ...plain, `${prefix}__init__.pyi`].find((path) => files.has(path));
}
