/** The repository's own packages by name (npm, pnpm and yarn workspaces alike), and what their manifests export. */
import { type FileSet, folderOf, foldersUp, joinPath, nameOf } from "../../file-set.ts";
import { entriesOf, fieldOf, jsonFile, listOf, textField } from "../../read-json.ts";
import { matchStar } from "./match-star.ts";
import { builtFrom, sourceFile } from "./source-file.ts";

interface Package {
  folder: string;
  manifest: unknown;
}

/** Sources first, then what type-checkers and bundlers read. */
const CONDITIONS = ["source", "development", "types", "import", "module", "node", "default", "require", "browser"];

export class Packages {
  readonly #files: FileSet;
  readonly #byName = new Map<string, Package>();
  readonly #known = new Map<string, string | undefined>();
  readonly #byFolder = new Map<string, Package>();

  constructor(configuration: Map<string, string>, files: FileSet) {
    this.#files = files;
    const manifests = [...configuration.keys()].filter((path) => nameOf(path) === "package.json");
    for (const path of manifests.sort(byDepth)) {
      const found = { folder: folderOf(path), manifest: jsonFile(configuration, path) };
      const name = textField(found.manifest, "name");
      this.#byFolder.set(found.folder, found);
      if (name !== undefined && !this.#byName.has(name)) this.#byName.set(name, found);
    }
  }

  /** The file behind `name` or `name/sub/path`, or behind `#internal` in `from`'s package. */
  file(specifier: string, from: string): string | undefined {
    if (specifier.startsWith("#")) return this.#internal(specifier, from);
    if (this.#known.has(specifier)) return this.#known.get(specifier);
    const [name, subpath] = splitName(specifier);
    const found = this.#byName.get(name);
    const file = found === undefined ? undefined : this.#exported(found, subpath);
    this.#known.set(specifier, file);
    return file;
  }

  /** Places a package's file of that name may be, for `extends` in a tsconfig. */
  filesNamed(specifier: string): (string | undefined)[] {
    const [name, subpath] = splitName(specifier);
    const found = this.#byName.get(name);
    return found === undefined ? [] : [joinPath(found.folder, subpath === "" ? "tsconfig.json" : subpath)];
  }

  #internal(specifier: string, from: string): string | undefined {
    const folder = foldersUp(folderOf(from)).find((here) => this.#byFolder.has(here));
    const found = folder === undefined ? undefined : this.#byFolder.get(folder);
    if (found === undefined) return undefined;
    return this.#first(found, matching(fieldOf(found.manifest, "imports"), specifier));
  }

  #exported(found: Package, subpath: string): string | undefined {
    const exports = fieldOf(found.manifest, "exports");
    if (exports !== undefined) {
      const table = isTable(exports) ? exports : { ".": exports };
      const listed = this.#first(found, matching(table, subpath === "" ? "." : `./${subpath}`));
      if (listed !== undefined) return listed;
    }
    return subpath === "" ? this.#main(found) : this.#subpath(found, subpath);
  }

  #main({ folder, manifest }: Package): string | undefined {
    const fields = ["source", "types", "typings", "module", "main"].map((field) => textField(manifest, field));
    const named = fields.flatMap((target) => (target === undefined ? [] : [target]));
    for (const target of [...named, "index", "src/index"]) {
      const found = builtFrom(folder, target, this.#files);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #subpath({ folder }: Package, subpath: string): string | undefined {
    const built = builtFrom(folder, subpath, this.#files);
    if (built !== undefined) return built;
    const source = joinPath(folder, `src/${subpath}`);
    return source === undefined ? undefined : sourceFile(source, this.#files);
  }

  #first({ folder }: Package, targets: string[]): string | undefined {
    for (const target of targets) {
      const found = builtFrom(folder, target, this.#files);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function byDepth(a: string, b: string): number {
  return a.split("/").length - b.split("/").length || (a < b ? -1 : 1);
}

/** `@scope/name/sub` → `@scope/name` and `sub`. */
function splitName(specifier: string): [string, string] {
  const segments = specifier.split("/");
  const count = specifier.startsWith("@") ? 2 : 1;
  return [segments.slice(0, count).join("/"), segments.slice(count).join("/")];
}

function isTable(exports: unknown): boolean {
  return entriesOf(exports).some(([key]) => key.startsWith("."));
}

/** Targets for `wanted` in a table of exports or imports, the most exact pattern first. */
function matching(table: unknown, wanted: string): string[] {
  const entries = entriesOf(table).sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  const exact = entries.find(([key]) => key === wanted);
  if (exact !== undefined) return targetsOf(exact[1], "", 0);
  return entries.flatMap(([key, value]) => {
    const star = key.includes("*") ? matchStar(key, wanted) : undefined;
    return star === undefined ? [] : targetsOf(value, star, 0);
  });
}

function targetsOf(value: unknown, star: string, depth: number): string[] {
  if (typeof value === "string") return [value.replaceAll("*", () => star)];
  if (depth > 10) return [];
  if (Array.isArray(value)) return listOf(value).flatMap((item) => targetsOf(item, star, depth + 1));
  const entries = entriesOf(value).sort(([a], [b]) => rank(a) - rank(b));
  return entries.flatMap(([, target]) => targetsOf(target, star, depth + 1));
}

function rank(condition: string): number {
  const place = CONDITIONS.indexOf(condition);
  return place === -1 ? CONDITIONS.length : place;
}
