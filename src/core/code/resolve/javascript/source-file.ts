/** Finds the source behind a path as an import writes it: extensions, index files, and output folders mapped back to their sources. */
import { type FileSet, joinPath } from "../../file-set.ts";
import { jsonFile, textField } from "../../read-json.ts";

const APPENDED = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json"];
const INDEX = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".mjs", ".cjs"];
/** Extensions that a written one may stand for, in the order the TypeScript compiler tries. */
const WRITTEN: [string, string[]][] = [
  [".d.ts", [".ts", ".tsx", ".d.ts"]],
  [".d.mts", [".mts", ".d.mts"]],
  [".d.cts", [".cts", ".d.cts"]],
  [".js", [".ts", ".tsx", ".d.ts", ".js", ".jsx"]],
  [".jsx", [".tsx", ".d.ts", ".jsx"]],
  [".mjs", [".mts", ".d.mts", ".mjs"]],
  [".cjs", [".cts", ".d.cts", ".cjs"]],
];
const OUTPUT = new Set(["dist", "build", "lib", "out", "output", "esm", "cjs", "es", "types", "umd", "module"]);
const SOURCES = ["src", "", "source", "lib"];

/** `base` is a path without claim to exist; the file that an import of it means, or undefined. */
export function sourceFile(base: string, files: FileSet, configuration?: Map<string, string>): string | undefined {
  const written = WRITTEN.find(([extension]) => base.endsWith(extension));
  const meant = written && withEnding(base.slice(0, -written[0].length), written[1], files);
  if (meant !== undefined) return meant;
  if (files.has(base)) return base;
  return withEnding(base, APPENDED, files) ?? folderFile(base, files, configuration);
}

function withEnding(stem: string, endings: string[], files: FileSet): string | undefined {
  if (!files.hasStem(stem)) return undefined;
  for (const ending of endings) {
    const path = stem + ending;
    if (files.has(path)) return path;
  }
  return undefined;
}

/** File that an import of a folder means: the one its manifest names, else its index file. */
export function folderFile(folder: string, files: FileSet, configuration?: Map<string, string>): string | undefined {
  if (!files.hasFolder(folder)) return undefined;
  const manifest = folder === "" ? "package.json" : `${folder}/package.json`;
  if (configuration?.has(manifest)) {
    const json = jsonFile(configuration, manifest);
    for (const field of ["types", "typings", "main", "module"]) {
      const target = textField(json, field);
      const found = target === undefined ? undefined : builtFrom(folder, target, files);
      if (found !== undefined) return found;
    }
  }
  const prefix = folder === "" ? "" : `${folder}/`;
  return withEnding(`${prefix}index`, INDEX, files);
}

/**
 * The source of a file that a manifest in `folder` names, built or not: `dist/types/index.js` → `src/types/index.ts`, then
 * `src/index.ts`: one leading output folder is taken away first, then more.
 */
export function builtFrom(folder: string, target: string, files: FileSet): string | undefined {
  const direct = joinPath(folder, target);
  if (direct === undefined) return undefined;
  const found = sourceFile(direct, files);
  if (found !== undefined) return found;
  let segments = target.split("/").filter((segment) => segment !== "." && segment !== "");
  while (segments.length > 1 && OUTPUT.has(segments[0] ?? "")) {
    segments = segments.slice(1);
    for (const source of SOURCES) {
      const path = joinPath(folder, [source, ...segments].join("/"));
      const built = path === undefined ? undefined : sourceFile(path, files);
      if (built !== undefined) return built;
    }
  }
  return undefined;
}
