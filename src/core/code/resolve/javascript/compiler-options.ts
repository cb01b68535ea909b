/** `paths` and `baseUrl` of the tsconfig that counts for a file, with everything it extends. */
import { type FileSet, folderOf, joinPath } from "../../file-set.ts";
import { entriesOf, fieldOf, jsonFile, listOf, textField } from "../../read-json.ts";
import type { Packages } from "./packages.ts";

export interface CompilerOptions {
  /** folder that plain specifiers are relative to */
  baseUrl: string | undefined;
  /** pattern (at most one `*`) → targets, relative to the repository */
  paths: [string, string[]][];
}

const NAMES = ["tsconfig.json", "jsconfig.json"];
const MAX_EXTENDS = 20;
/** How a shared configuration names the folder of the one that extends it. */
const CONFIG_FOLDER = /^\$\{configDir\}/;

export class CompilerOptionsIndex {
  readonly #configuration: Map<string, string>;
  readonly #files: FileSet;
  readonly #packages: Packages;
  readonly #byFolder = new Map<string, CompilerOptions | undefined>();

  constructor(configuration: Map<string, string>, files: FileSet, packages: Packages) {
    this.#configuration = configuration;
    this.#files = files;
    this.#packages = packages;
  }

  /** Of the nearest tsconfig.json or jsconfig.json above the file. */
  of(path: string): CompilerOptions | undefined {
    return this.#nearest(folderOf(path));
  }

  #nearest(folder: string): CompilerOptions | undefined {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    const config = NAMES.map((name) => (folder === "" ? name : `${folder}/${name}`)).find((path) =>
      this.#configuration.has(path),
    );
    const above = folder === "" || config !== undefined ? undefined : this.#nearest(folderOf(folder));
    const found = config === undefined ? above : this.#read(config, 0);
    this.#byFolder.set(folder, found);
    return found;
  }

  #read(config: string, depth: number): CompilerOptions | undefined {
    if (!this.#configuration.has(config) || depth > MAX_EXTENDS) return undefined;
    const json = jsonFile(this.#configuration, config);
    const folder = folderOf(config);
    const extended = extendsOf(json)
      .map((name) => this.#extended(folder, name))
      .map((target) => (target === undefined ? undefined : this.#read(target, depth + 1)))
      .filter((options) => options !== undefined)
      .at(-1);
    const options = fieldOf(json, "compilerOptions");
    const ownBase = textField(options, "baseUrl");
    const baseUrl = ownBase === undefined ? extended?.baseUrl : joinPath(folder, ownBase);
    const paths = fieldOf(options, "paths");
    return { baseUrl, paths: paths === undefined ? (extended?.paths ?? []) : pathsOf(paths, baseUrl ?? folder) };
  }

  #extended(folder: string, name: string): string | undefined {
    const candidates = name.startsWith(".") ? [joinPath(folder, name)] : this.#packages.filesNamed(name);
    return candidates
      .flatMap((path) => (path === undefined ? [] : [path, `${path}.json`, `${path}/tsconfig.json`]))
      .find((path) => this.#files.has(path) && this.#configuration.has(path));
  }
}

function extendsOf(json: unknown): string[] {
  const field = fieldOf(json, "extends");
  return (typeof field === "string" ? [field] : listOf(field)).filter((name) => typeof name === "string");
}

/** Longest literal part first, as the compiler picks. */
function pathsOf(paths: unknown, folder: string): [string, string[]][] {
  const found = entriesOf(paths).map(([pattern, targets]): [string, string[]] => {
    const texts = listOf(targets).filter((target) => typeof target === "string");
    const joined = texts.map((target) => joinPath(folder, target.replace(CONFIG_FOLDER, ".")));
    return [pattern, joined.filter((path) => path !== undefined)];
  });
  return found.sort(([a], [b]) => prefixOf(b) - prefixOf(a));
}

function prefixOf(pattern: string): number {
  const star = pattern.indexOf("*");
  return star === -1 ? Number.MAX_SAFE_INTEGER : star;
}
