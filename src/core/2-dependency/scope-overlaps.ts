/** Phase 2.1 — which tasks may change the same file: exact paths and folders are compared, whether or not they exist yet. */
import { ancestorsOf, parseScope, type Scope } from "../boundary/scope.ts";
import type { Task } from "../model/task.ts";

export interface ScopeOverlap {
  /** the earlier of the two in the task list */
  first: string;
  second: string;
  why: string;
  /** `different`: only different symbols of the same file; `same`: the same symbol; `whole`: one of them names no symbol */
  symbols: "whole" | "same" | "different";
}

interface Claim {
  task: string;
  order: number;
  scope: Scope;
}

/** All pairs of writing tasks whose scopes meet, each once, with the entries that meet; in the order of the task list. */
export function scopeOverlaps(tasks: Task[]): ScopeOverlap[] {
  const claims = tasks.flatMap((task, order) =>
    task.access === "write" ? task.files.map((entry) => ({ task: task.id, order, scope: parseScope(entry) })) : [],
  );
  const files = grouped(claims.filter((claim) => claim.scope.kind === "file"));
  const trees = grouped(claims.filter((claim) => claim.scope.kind === "tree"));
  const pairs = new Map<string, ScopeOverlap & { key: [number, number] }>();
  for (const claim of claims) {
    for (const other of meeting(claim, files, trees)) addPair(pairs, claim, other);
  }
  return [...pairs.values()]
    .sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1])
    .map(({ key: _, ...overlap }) => overlap);
}

function grouped(claims: Claim[]): Map<string, Claim[]> {
  const byPath = new Map<string, Claim[]>();
  for (const claim of claims) byPath.set(claim.scope.path, [...(byPath.get(claim.scope.path) ?? []), claim]);
  return byPath;
}

/** Claims on the same path, and on every folder above it; the folder's own claim finds those below from their side. */
function meeting(claim: Claim, files: Map<string, Claim[]>, trees: Map<string, Claim[]>): Claim[] {
  const { kind, path } = claim.scope;
  const same = kind === "file" ? files.get(path) : trees.get(path);
  const above = path === "" ? [] : ancestorsOf(path).flatMap((folder) => trees.get(folder) ?? []);
  return [...(same ?? []), ...above].filter((other) => other.task !== claim.task);
}

function addPair(pairs: Map<string, ScopeOverlap & { key: [number, number] }>, one: Claim, other: Claim): void {
  const [first, second] = one.order < other.order ? [one, other] : [other, one];
  const id = `${first.order} ${second.order}`;
  const symbols = symbolsOf(first.scope, second.scope);
  const known = pairs.get(id);
  if (known !== undefined && RANK[known.symbols] >= RANK[symbols]) return;
  const [a, b] = [shown(first.scope), shown(second.scope)];
  const why = a === b ? `both may change ${a}` : `${a} overlaps ${b}`;
  pairs.set(id, { first: first.task, second: second.task, why, symbols, key: [first.order, second.order] });
}

/** Of several places where two scopes meet, the one that keeps them apart most firmly is told. */
const RANK = { different: 0, whole: 1, same: 2 };

function symbolsOf(a: Scope, b: Scope): ScopeOverlap["symbols"] {
  if (a.symbol === undefined || b.symbol === undefined) return "whole";
  const [one = "", other = ""] = [a.symbol.split(".")[0], b.symbol.split(".")[0]];
  const nested = a.symbol === b.symbol || a.symbol === other || b.symbol === one;
  return nested ? "same" : "different";
}

function shown(scope: Scope): string {
  if (scope.kind === "file") return scope.symbol === undefined ? scope.path : `${scope.path}#${scope.symbol}`;
  return scope.path === "" ? "**" : `${scope.path}/**`;
}
