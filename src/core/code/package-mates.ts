/** Languages whose packages share one name space (Go, Java): which file beside this one defines a name. */

import type { CodeIndex } from "./code-index.ts";
import { folderOf } from "./file-set.ts";

const SHARED = new Set(["go", "java"]);

export function sharesPackage(language: string | undefined): boolean {
  return language !== undefined && SHARED.has(language);
}

/** The files that share `path`'s folder and language, without itself. */
export function matesOf(path: string, index: CodeIndex): string[] {
  const language = index.languageOf(path);
  if (!sharesPackage(language)) return [];
  return index.files.in(folderOf(path)).filter((other) => other !== path && index.languageOf(other) === language);
}

/** Looks names up among the package's other files; the first that defines one has it. */
export function packageMates(path: string, index: CodeIndex): (name: string) => string | undefined {
  const defined = new Map<string, string>();
  const own = index.factsOf(path)?.package;
  for (const mate of matesOf(path, index)) {
    const facts = index.factsOf(mate);
    if (facts === undefined || facts.package !== own) continue;
    for (const { name } of facts.symbols) if (!defined.has(name)) defined.set(name, mate);
  }
  return (name) => defined.get(name);
}
