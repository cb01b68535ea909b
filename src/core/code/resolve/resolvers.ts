/** The resolver of each language that has one. */
import { goResolver } from "./go.ts";
import { javaResolver } from "./java.ts";
import { javascriptResolver } from "./javascript/resolve-javascript.ts";
import { pythonResolver } from "./python.ts";
import type { ResolveContext, Resolver } from "./resolver.ts";
import { rustResolver } from "./rust.ts";

const MAKERS: Record<string, (context: ResolveContext) => Resolver> = {
  javascript: javascriptResolver,
  python: pythonResolver,
  go: goResolver,
  rust: rustResolver,
  java: javaResolver,
};

/** Files whose text resolution needs, besides the sources. */
export function isConfiguration(name: string): boolean {
  return CONFIGURATION.has(name) || (name.endsWith(".json") && /^(ts|js)config/.test(name)) || TSCONFIG_PART.test(name);
}

const CONFIGURATION = new Set(["package.json", "go.mod", "Cargo.toml", "pyproject.toml", "setup.cfg", "setup.py"]);
const TSCONFIG_PART = /^[\w.-]*tsconfig[\w.-]*\.json$/;

const OF_JAVASCRIPT = new Set(["typescript", "vue", "svelte", "astro"]);

/** One resolver per language, made when it is first needed. */
export function resolvers(context: ResolveContext): (language: string) => Resolver {
  const made = new Map<string, Resolver>();
  return (language) => {
    const family = OF_JAVASCRIPT.has(language) ? "javascript" : language;
    const known = made.get(family);
    if (known !== undefined) return known;
    const make = Object.hasOwn(MAKERS, family) ? MAKERS[family] : undefined;
    const resolver: Resolver = make === undefined ? () => [] : make(context);
    made.set(family, resolver);
    return resolver;
  };
}
