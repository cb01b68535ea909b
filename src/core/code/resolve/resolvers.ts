/** The resolver of each language that has one. */
import { javascriptResolver } from "./javascript/resolve-javascript.ts";
import type { ResolveContext, Resolver } from "./resolver.ts";

const MAKERS: Record<string, (context: ResolveContext) => Resolver> = {
  javascript: javascriptResolver,
  typescript: javascriptResolver,
};

/** Files whose text resolution needs, besides the sources. */
export function isConfiguration(name: string): boolean {
  return CONFIGURATION.has(name) || (name.endsWith(".json") && /^(ts|js)config/.test(name)) || TSCONFIG_PART.test(name);
}

const CONFIGURATION = new Set(["package.json", "go.mod", "Cargo.toml", "pyproject.toml", "setup.cfg"]);
const TSCONFIG_PART = /^[\w.-]*tsconfig[\w.-]*\.json$/;

/** One resolver per language, made when it is first needed. */
export function resolvers(context: ResolveContext): (language: string) => Resolver {
  const made = new Map<string, Resolver>();
  return (language) => {
    const family = language === "typescript" ? "javascript" : language;
    const known = made.get(family);
    if (known !== undefined) return known;
    const make = Object.hasOwn(MAKERS, family) ? MAKERS[family] : undefined;
    const resolver: Resolver = make === undefined ? () => [] : make(context);
    made.set(family, resolver);
    return resolver;
  };
}
