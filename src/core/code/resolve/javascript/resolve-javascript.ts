/** Where a JavaScript or TypeScript import leads, by the file list alone: nothing installed, nothing built. */
import type { ImportFact } from "../../../model/code-facts.ts";
import { type FileSet, folderOf, foldersUp, joinPath } from "../../file-set.ts";
import type { ResolveContext, Resolver, Target } from "../resolver.ts";
import { CompilerOptionsIndex } from "./compiler-options.ts";
import { matchStar } from "./match-star.ts";
import { Packages } from "./packages.ts";
import { builtFrom, folderFile, sourceFile } from "./source-file.ts";

export function javascriptResolver({ files, configuration }: ResolveContext): Resolver {
  const packages = new Packages(configuration, files);
  const options = new CompilerOptionsIndex(configuration, files, packages);
  const place = { files, configuration, packages, options };
  const known = new Map<string, Map<string, Target[]>>();
  let last = { from: "", here: new Map<string, Target[]>() };
  return (from, { specifier }: ImportFact) => {
    if (from !== last.from) last = { from, here: memoOf(folderOf(from), known) };
    const before = last.here.get(specifier);
    if (before !== undefined) return before;
    const path = resolve(from, plain(specifier), place);
    const targets = path === undefined ? [] : [{ path }];
    last.here.set(specifier, targets);
    return targets;
  };
}

/** An import means the same in every file of a folder. */
function memoOf(folder: string, known: Map<string, Map<string, Target[]>>): Map<string, Target[]> {
  const here = known.get(folder) ?? new Map<string, Target[]>();
  known.set(folder, here);
  return here;
}

interface Place {
  files: FileSet;
  configuration: Map<string, string>;
  packages: Packages;
  options: CompilerOptionsIndex;
}

function resolve(from: string, specifier: string, place: Place): string | undefined {
  if (specifier === "" || specifier.startsWith("node:")) return undefined;
  if (/^\.{1,2}(\/|$)/.test(specifier)) {
    const path = joinPath(folderOf(from), specifier);
    if (path === undefined) return undefined;
    if (specifier.endsWith("/") || specifier.endsWith(".")) return folderFile(path, place.files, place.configuration);
    return sourceFile(path, place.files, place.configuration) ?? unbuilt(path, place);
  }
  if (specifier.startsWith("/")) return undefined;
  return mapped(from, specifier, place) ?? place.packages.file(specifier, from) ?? usual(from, specifier, place);
}

/** `@/` and `~/` without any configuration: what frameworks and their templates mean by them, where such a file is there. */
function usual(from: string, specifier: string, { files, configuration }: Place): string | undefined {
  const inner = /^[@~]\/(.+)$/.exec(specifier)?.[1];
  if (inner === undefined) return undefined;
  const root = foldersUp(folderOf(from)).find((here) =>
    configuration.has(here === "" ? "package.json" : `${here}/package.json`),
  );
  const prefix = root === undefined || root === "" ? "" : `${root}/`;
  for (const folder of ["src/", "app/", ""]) {
    const path = sourceFile(`${prefix}${folder}${inner}`, files, configuration);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** `../dist/x.js` of a package that was not built: its source. */
function unbuilt(path: string, { files, configuration }: Place): string | undefined {
  const folder = foldersUp(folderOf(path)).find((here) =>
    configuration.has(here === "" ? "package.json" : `${here}/package.json`),
  );
  return folder === undefined
    ? undefined
    : builtFrom(folder, folder === "" ? path : path.slice(folder.length + 1), files);
}

/** By the `paths` and `baseUrl` of the file's tsconfig. */
function mapped(from: string, specifier: string, { files, configuration, options }: Place): string | undefined {
  const found = options.of(from);
  for (const [pattern, targets] of found?.paths ?? []) {
    const star = matchStar(pattern, specifier);
    if (star === undefined) continue;
    for (const target of targets) {
      const path = sourceFile(
        target.replace("*", () => star),
        files,
        configuration,
      );
      if (path !== undefined) return path;
    }
  }
  const base = found?.baseUrl === undefined ? undefined : joinPath(found.baseUrl, specifier);
  return base === undefined ? undefined : sourceFile(base, files, configuration);
}

/** Bundlers' queries and loaders say nothing about the file: `./a.svg?url`. */
function plain(specifier: string): string {
  const query = specifier.indexOf("?");
  return query > 0 ? specifier.slice(0, query) : specifier;
}
