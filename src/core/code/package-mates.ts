/** Languages whose packages share one name space (Go, Java): which file beside this one defines a name. */
import type { CodeIndex } from "./code-index.ts";
import { folderOf } from "./file-set.ts";
import { fileIn } from "./resolve/java.ts";

/** The files that must be read to know the names of `path`'s package: the others of a Go package; in Java file names tell. */
export function matesOf(path: string, index: CodeIndex): string[] {
  if (index.languageOf(path) !== "go") return [];
  return index.files.in(folderOf(path)).filter((other) => other !== path && index.languageOf(other) === "go");
}

/** Looks names up among the package's other files; the first that defines one has it. */
export function packageMates(path: string, index: CodeIndex): (name: string) => string | undefined {
  const facts = index.factsOf(path);
  if (facts?.language === "go") return goMates(path, index);
  if (facts?.language !== "java") return () => undefined;
  const packagePath = facts.package?.replaceAll(".", "/") ?? "";
  return (name) => {
    const found =
      packagePath === "" ? undefined : fileIn(packagePath, `${name}.java`, { from: path, files: index.files });
    return found === path ? undefined : found;
  };
}

function goMates(path: string, index: CodeIndex): (name: string) => string | undefined {
  const own = index.factsOf(path)?.package;
  const defined = new Map<string, string>();
  for (const mate of matesOf(path, index)) {
    const facts = index.factsOf(mate);
    if (facts === undefined || facts.package !== own) continue;
    for (const { name } of facts.symbols) if (!defined.has(name)) defined.set(name, mate);
  }
  return (name) => defined.get(name);
}
