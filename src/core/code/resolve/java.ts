/** Where a Java import leads: the file named after the class, in a folder that ends like the package. */
import type { CodeFacts } from "../../model/code-facts.ts";
import { type FileSet, folderOf } from "../file-set.ts";
import type { FactsOf, ResolveContext, Resolver, Target } from "./resolver.ts";

export function javaResolver({ files }: ResolveContext): Resolver {
  const stars = new Map<string, string[]>();
  return (from, fact, factsOf) => {
    const [name] = fact.names;
    if (name?.as === "*" && !/\.\p{Lu}\w*$/u.test(fact.specifier)) {
      return starTargets(fact.specifier, { files, stars, facts: factsOf(from) });
    }
    const isStatic = !fact.specifier.endsWith(`.${name?.name ?? ""}`);
    return classTarget(fact.specifier, from, { files, factsOf }).map((target) =>
      isStatic ? target : { ...target, symbol: target.symbol ?? name?.name ?? "*" },
    );
  };
}

/** `a.b.C` → `…/a/b/C.java`; `a.b.C.D` is a class inside C. */
function classTarget(specifier: string, from: string, known: Known): Target[] {
  const segments = specifier.split(".");
  for (let count = segments.length; count > 0 && count > segments.length - 3; count -= 1) {
    const path = fileIn(segments.slice(0, count - 1).join("/"), `${segments[count - 1]}.java`, { from, ...known });
    if (path !== undefined) return [{ path, symbol: segments[count - 1] ?? "*" }];
  }
  return [];
}

interface Known {
  files: FileSet;
  factsOf?: FactsOf;
}

/** Of several source roots that have the file, the one nearest to the importing file; files that say themselves that they are of another package are none. */
export function fileIn(
  packagePath: string,
  name: string,
  { from, files, factsOf }: Known & { from: string },
): string | undefined {
  const wanted = packagePath.replaceAll("/", ".");
  const found = files.named(name).filter((path) => {
    const folder = folderOf(path);
    const said = factsOf?.(path)?.package;
    if (said !== undefined && said !== wanted) return false;
    return packagePath === "" || folder === packagePath || folder.endsWith(`/${packagePath}`);
  });
  return found.sort((a, b) => shared(b, from) - shared(a, from) || (a < b ? -1 : 1))[0];
}

function shared(path: string, other: string): number {
  let count = 0;
  while (count < path.length && path[count] === other[count]) count += 1;
  return count;
}

/** Of a whole package, the classes the file names; all of it when nothing is known of the file. */
function starTargets(
  specifier: string,
  { files, stars, facts }: { files: FileSet; stars: Map<string, string[]>; facts: CodeFacts | undefined },
): Target[] {
  const packagePath = specifier.replaceAll(".", "/");
  const all = stars.get(packagePath) ?? [...files.paths].filter((path) => isIn(path, packagePath)).sort();
  stars.set(packagePath, all);
  const used = facts === undefined ? undefined : new Set(facts.uses.map((use) => `${use.name}.java`));
  const own = new Set(facts?.symbols.map((symbol) => `${symbol.name}.java`));
  return all
    .filter((path) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return used === undefined || (used.has(name) && !own.has(name));
    })
    .map((path) => ({ path }));
}

function isIn(path: string, packagePath: string): boolean {
  const folder = folderOf(path);
  return path.endsWith(".java") && (folder === packagePath || folder.endsWith(`/${packagePath}`));
}
