/** Where a Go import leads: the files of a package inside one of the repository's modules, those first that define what is used. */
import type { CodeFacts, ImportFact } from "../../model/code-facts.ts";
import { folderOf, joinPath, nameOf } from "../file-set.ts";
import type { ResolveContext, Resolver } from "./resolver.ts";

interface Module {
  path: string;
  folder: string;
}

export function goResolver({ files, configuration }: ResolveContext): Resolver {
  const modules = modulesOf(configuration);
  const packages = new Map<string, string[]>();
  const packageFiles = (specifier: string): string[] => {
    const known = packages.get(specifier);
    if (known !== undefined) return known;
    const folder = folderFor(specifier, modules);
    const all = folder === undefined ? [] : files.in(folder).filter((path) => path.endsWith(".go"));
    const found = all.filter((path) => !path.endsWith("_test.go"));
    packages.set(specifier, found);
    return found;
  };
  return (from, fact, factsOf) => {
    const all = packageFiles(fact.specifier);
    const wanted = wantedMembers(factsOf(from), fact);
    const defining = wanted.size === 0 ? [] : all.filter((path) => defines(factsOf(path), wanted));
    return (defining.length > 0 ? defining : all).map((path) => ({ path }));
  };
}

/** Longest module path first: nested modules hide the outer one's folders. */
function modulesOf(configuration: Map<string, string>): Module[] {
  const found = [...configuration].flatMap(([path, text]): Module[] => {
    const name = nameOf(path) === "go.mod" ? /^\s*module\s+"?([^\s"]+)/m.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [{ path: name, folder: folderOf(path) }];
  });
  return found.sort((a, b) => b.path.length - a.path.length || (a.folder < b.folder ? -1 : 1));
}

function folderFor(specifier: string, modules: Module[]): string | undefined {
  const module = modules.find(({ path }) => specifier === path || specifier.startsWith(`${path}/`));
  return module === undefined ? undefined : joinPath(module.folder, specifier.slice(module.path.length + 1));
}

/** `Name` of every `pkg.Name` in the importing file; none for dot imports, whose names stand alone. */
function wantedMembers(facts: CodeFacts | undefined, fact: ImportFact): Set<string> {
  const locals = new Set(fact.names.map((name) => name.as));
  const uses = facts?.uses.filter((use) => use.member !== undefined && locals.has(use.name)) ?? [];
  return new Set(uses.map((use) => use.member ?? ""));
}

function defines(facts: CodeFacts | undefined, names: Set<string>): boolean {
  return facts?.symbols.some((symbol) => names.has(symbol.name)) ?? false;
}
