/** Both sides define the same name in one package whose files share their names (Go): no merge of lines would notice (phase 5.2). */
import { folderOf } from "../../code/file-set.ts";
import type { SymbolFact } from "../../model/code-facts.ts";
import type { Finding } from "./finding.ts";
import type { Snapshot } from "./snapshot.ts";

const SURE = 0.95;
/** may be defined as often as one likes */
const REPEATABLE = new Set(["init", "_"]);

export interface TwoSides {
  base: Snapshot;
  ours: { snapshot: Snapshot; paths: string[] };
  theirs: { snapshot: Snapshot; paths: string[] };
}

interface Definition {
  path: string;
  symbol: SymbolFact;
}

export async function sameNames({ base, ours, theirs }: TwoSides): Promise<Finding[]> {
  const first = added(ours.snapshot, base, ours.paths);
  const found: Finding[] = [];
  for (const [key, { path, symbol }] of added(theirs.snapshot, base, theirs.paths)) {
    const other = first.get(key);
    if (other === undefined || other.path === path) continue;
    const name = symbol.name.slice(symbol.name.lastIndexOf(".") + 1);
    found.push({
      kind: "duplicate",
      symbol: name,
      path,
      line: symbol.line,
      confidence: SURE,
      side: "theirs",
      why: `${path}:${symbol.line} and ${other.path}:${other.symbol.line} both define ${symbol.name} in one package`,
      other: {
        kind: "duplicate",
        path: other.path,
        line: other.symbol.line,
        after: await ours.snapshot.excerpt(other.path, other.symbol.name),
      },
    });
  }
  return found;
}

/** Definitions the package did not have, by folder, package and name. */
function added(side: Snapshot, base: Snapshot, paths: string[]): Map<string, Definition> {
  const found = new Map<string, Definition>();
  for (const path of paths) {
    const facts = side.index.factsOf(path);
    if (facts?.language !== "go" || isForOneSystem(path)) continue;
    const before = new Set(base.index.factsOf(path)?.symbols.map((symbol) => symbol.name));
    for (const symbol of facts.symbols) {
      if (before.has(symbol.name) || REPEATABLE.has(symbol.name)) continue;
      found.set(`${folderOf(path)}\n${facts.package ?? ""}\n${symbol.name}`, { path, symbol });
    }
  }
  return found;
}

/** `x_linux.go` and `x_windows.go` may define the same names. */
function isForOneSystem(path: string): boolean {
  return /_(linux|darwin|windows|freebsd|netbsd|openbsd|unix|js|wasm|amd64|arm64|386|arm)(_test)?\.go$/.test(path);
}
