/** Both sides register the same route with the same application: one of them will never be reached (phase 5.2). */
import { folderOf } from "../../code/file-set.ts";
import { lineOf } from "./calls.ts";
import { plainCode } from "./code-text.ts";
import type { Finding } from "./finding.ts";
import type { TwoSides } from "./same-names.ts";
import type { Snapshot } from "./snapshot.ts";

const SURE = 0.8;
const LIKELY = 0.6;

interface Route {
  path: string;
  line: number;
  /** `GET /health`; without a method where the framework takes all */
  symbol: string;
  receiver: string;
}

/** `app.get("/x", …)`, `@app.route("/x", methods=["POST"])`, `mux.HandleFunc("/x", …)`, `r.GET("/x", …)` */
const CALL =
  /(?<![\w$.])([A-Za-z_$][\w$]*)\s*\.\s*(get|post|put|patch|delete|all|head|options|route|GET|POST|PUT|PATCH|DELETE|HandleFunc|Handle)\s*\(\s*(["'`])/g;
/** receivers that stand for the whole application; others may be mounted anywhere and count in one file only */
const APPLICATION = /^(app|application|server|fastify|mux|http|e|engine)$/i;
const TEST = /(^|\/)(tests?|__tests__|specs?)\/|[._-](test|spec)s?\.\w+$|(^|\/)test_\w+\.py$|_test\.go$/;

export async function sameRoutes({ base, ours, theirs }: TwoSides): Promise<Finding[]> {
  const first = await addedRoutes(ours.snapshot, base, ours.paths);
  if (first.length === 0) return [];
  const found: Finding[] = [];
  for (const route of await addedRoutes(theirs.snapshot, base, theirs.paths)) {
    const other = first.find((one) => one.symbol === route.symbol && isSameApplication(one, route, { ours, theirs }));
    if (other === undefined) continue;
    const { path, line, symbol } = route;
    found.push({
      kind: "route",
      symbol,
      path,
      line,
      side: "theirs",
      confidence: APPLICATION.test(route.receiver) ? SURE : LIKELY,
      why: `${path}:${line} and ${other.path}:${other.line} both register ${symbol}`,
      other: { kind: "route", path: other.path, line: other.line },
    });
  }
  return found;
}

async function addedRoutes(side: Snapshot, base: Snapshot, paths: string[]): Promise<Route[]> {
  const found: Route[] = [];
  for (const path of paths) {
    const language = side.index.languageOf(path);
    if (language === undefined || TEST.test(path)) continue;
    const before = new Set(routesIn(path, await base.text(path), language).map((route) => route.symbol));
    const after = routesIn(path, await side.text(path), language);
    found.push(...after.filter((route) => !before.has(route.symbol)));
  }
  return found;
}

function routesIn(path: string, text: string, language: string): Route[] {
  const code = plainCode(text, language);
  return [...code.matchAll(CALL)].flatMap((match): Route[] => {
    const [all, receiver = "", verb = "", quote = '"'] = match;
    const start = match.index + all.length;
    const end = code.indexOf(quote, start);
    const address = text.slice(start, end);
    const rest = text.slice(end + 1, end + 200).split("\n")[0] ?? "";
    if (!/^([A-Z]+ )?\//.test(address) || !isRegistration(language, rest, text.slice(0, match.index))) return [];
    return [{ path, line: lineOf(text, match.index), symbol: named(verb, address, rest), receiver }];
  });
}

/** A handler follows, or it is a decorator: `client.get("/x")` alone fetches. */
function isRegistration(language: string, rest: string, before: string): boolean {
  return language === "python" ? /@\s*$/.test(before) : /^\s*,/.test(rest);
}

function named(verb: string, address: string, rest: string): string {
  if (/^(Handle|HandleFunc|all)$/.test(verb)) return address;
  if (verb !== "route") return `${verb.toUpperCase()} ${address}`;
  const methods = /methods\s*=\s*[[(]([^\])]*)/.exec(rest)?.[1]?.match(/\w+/g) ?? ["GET"];
  return `${methods
    .map((method) => method.toUpperCase())
    .sort()
    .join("|")} ${address}`;
}

/** In one file, with one receiver: yes. In two, only where the receiver is the application, and the same one as far as can be seen. */
function isSameApplication(one: Route, two: Route, { ours, theirs }: Pick<TwoSides, "ours" | "theirs">): boolean {
  if (one.receiver !== two.receiver) return false;
  if (one.path === two.path) return true;
  if (!APPLICATION.test(one.receiver)) return false;
  const origin = [originOf(one, ours.snapshot), originOf(two, theirs.snapshot)];
  return origin[0] === origin[1];
}

/** The file the receiver is imported from; the folder where it is a parameter; the file itself where it is made there. */
function originOf({ path, receiver }: Route, { index }: Snapshot): string {
  const facts = index.factsOf(path);
  const fact = facts?.imports.find((one) => one.names.some((name) => name.as === receiver));
  if (fact !== undefined) return index.targets(path, fact)[0]?.path ?? fact.specifier;
  const made = facts?.symbols.some((symbol) => symbol.name === receiver);
  return made === true ? path : folderOf(path);
}
