/** Where a Rust path leads: along the module tree of its crate, and into other crates of the workspace. */
import { type FileSet, folderOf, foldersUp, nameOf } from "../file-set.ts";
import type { ResolveContext, Resolver, Target } from "./resolver.ts";
import { type Crate, cratesOf } from "./rust-crates.ts";

interface Place {
  files: FileSet;
  crates: Crate[];
  byName: Map<string, Crate>;
}

/** A module is the folder its children live in; its own file lies beside that folder or in it. */
interface Module {
  folder: string;
  file: string;
}

export function rustResolver({ files, configuration }: ResolveContext): Resolver {
  const crates = cratesOf(configuration, files);
  const place = { files, crates, byName: new Map(crates.map((crate) => [crate.name, crate])) };
  const known = new Map<string, Target[]>();
  return (from, { specifier, kind }) => {
    const key = `${from}\n${kind === "module" ? "mod " : ""}${specifier}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = kind === "module" ? child(moduleOf(from, place), specifier, files) : undefined;
    const target =
      kind === "module" ? found && { path: found.file, module: true as const } : walk(specifier, from, place);
    const targets = target === undefined || target.path === from ? [] : [target];
    known.set(key, targets);
    return targets;
  };
}

function moduleOf(path: string, { crates, files }: Place): Module {
  const name = nameOf(path);
  const folder = folderOf(path);
  const isRoot = crates.some((crate) => crate.roots.includes(path));
  if (isRoot || name === "mod.rs" || STANDALONE.test(folder) || isTarget(path, files)) return { folder, file: path };
  return { folder: path.slice(0, -".rs".length), file: path };
}

/** Files of these folders are crates of their own. */
const STANDALONE = /(^|\/)(tests|benches|examples|src\/bin)$/;

function isTarget(path: string, files: FileSet): boolean {
  return (
    nameOf(path) === "build.rs" && files.has(folderOf(path) === "" ? "Cargo.toml" : `${folderOf(path)}/Cargo.toml`)
  );
}

function child(module: Module, name: string, files: FileSet): Module | undefined {
  const folder = module.folder === "" ? name : `${module.folder}/${name}`;
  const file = [`${folder}.rs`, `${folder}/mod.rs`].find((path) => files.has(path));
  return file === undefined ? undefined : { folder, file };
}

/** The module above; the crate's root has none. */
function parent(module: Module, place: Place): Module | undefined {
  if (place.crates.some((crate) => crate.roots.includes(module.file))) return undefined;
  const folder = folderOf(module.folder);
  const root = place.crates.find((crate) => crate.folder === folder);
  if (root !== undefined) return { folder, file: rootFile(root, module.file) };
  const file = [`${folder}.rs`, `${folder}/mod.rs`].find((path) => place.files.has(path));
  return file === undefined ? undefined : { folder, file };
}

function rootFile(crate: Crate, from: string): string {
  return crate.roots.find((root) => root === from) ?? crate.roots[0] ?? "";
}

function walk(specifier: string, from: string, place: Place): Target | undefined {
  const segments = specifier.split("::").filter((segment) => segment !== "");
  const start = startOf(segments, from, place);
  if (start === undefined) return undefined;
  let { module } = start;
  for (let at = start.used; at < segments.length; at += 1) {
    const segment = segments[at] ?? "";
    const next = child(module, segment, place.files);
    if (next === undefined) return { path: module.file, symbol: segment };
    module = next;
  }
  return { path: module.file, module: true };
}

/** The module the path begins in, and how many of its segments say so. */
function startOf(segments: string[], from: string, place: Place): { module: Module; used: number } | undefined {
  const [first = ""] = segments;
  const here = moduleOf(from, place);
  if (first === "crate") {
    const crate = crateOf(from, place);
    return crate === undefined ? undefined : { module: { folder: crate.folder, file: rootFile(crate, from) }, used: 1 };
  }
  if (first === "self") return { module: here, used: 1 };
  if (first === "super") return above(segments, here, place);
  const crate = place.byName.get(first);
  if (crate?.roots[0] !== undefined && child(here, first, place.files) === undefined) {
    return { module: { folder: crate.folder, file: crate.roots[0] }, used: 1 };
  }
  return child(here, first, place.files) === undefined ? undefined : { module: here, used: 0 };
}

function above(segments: string[], here: Module, place: Place): { module: Module; used: number } | undefined {
  let module: Module | undefined = here;
  let used = 0;
  for (; segments[used] === "super" && module !== undefined; used += 1) module = parent(module, place);
  return module === undefined ? undefined : { module, used };
}

function crateOf(from: string, { crates }: Place): Crate | undefined {
  const folders = new Set(foldersUp(folderOf(from)));
  return crates.find((crate) => folders.has(crate.folder)) ?? crates.find((crate) => folders.has(crate.manifest));
}
