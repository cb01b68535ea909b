/** Phase 2.1 — which tasks may change the same file: exact paths and folders are compared, whether or not they exist yet. */

import type { Task } from "../model/task.ts";
import { ancestorsOf, parseScope, type Scope } from "./scope.ts";

export interface ScopeOverlap {
  /** the earlier of the two in the task list */
  first: string;
  second: string;
  why: string;
  symbols: SharedSymbols;
}

/** `same`: both name the same symbol of a file. `different`: they name different ones, nothing else meets. `whole`: one names none. */
export type SharedSymbols = "same" | "whole" | "different";

interface Claim {
  order: number;
  scope: Scope;
}

/** All pairs of writing tasks whose scopes meet, each once, with the entries that meet; in the order of the task list. */
export function scopeOverlaps(tasks: Task[]): ScopeOverlap[] {
  const claims = tasks.flatMap((task, order) =>
    task.access === "write" ? task.files.map((entry) => ({ order, scope: parseScope(entry) })) : [],
  );
  return meetings(claims, tasks.length)
    .sort((a, b) => a.first.order - b.first.order || a.second.order - b.second.order)
    .map((pair) => toOverlap(tasks, pair));
}

interface Meeting {
  first: Claim;
  second: Claim;
  symbols: SharedSymbols;
}

/** Of several places where two tasks meet, the one that keeps them apart most firmly is told. */
const FIRMNESS = ["same", "whole", "different"] as const;

/** Each pair of tasks once, by a table of `count` × `count`: a thousand tasks on the same files meet millions of times. */
function meetings(claims: Claim[], count: number): Meeting[] {
  const byPlace = grouped(claims);
  const seen = new Uint8Array(count ** 2);
  const found: Meeting[] = [];
  const kinds = claims.some(({ scope }) => scope.symbol !== undefined) ? FIRMNESS : (["whole"] as const);
  for (const symbols of kinds) {
    for (const claim of claims) {
      for (const place of placesOf(claim)) {
        for (const other of byPlace.get(place) ?? []) {
          const { order } = claim;
          if (order === other.order || seen[order * count + other.order] === 1) continue;
          if (kinds.length > 1 && sharedSymbols(claim.scope, other.scope) !== symbols) continue;
          seen[order * count + other.order] = 1;
          seen[other.order * count + order] = 1;
          found.push(
            order < other.order ? { first: claim, second: other, symbols } : { first: other, second: claim, symbols },
          );
        }
      }
    }
  }
  return found;
}

/** A method and its class are the same symbol, two methods of one class are not. */
function sharedSymbols(a: Scope, b: Scope): SharedSymbols {
  if (a.symbol === undefined || b.symbol === undefined) return "whole";
  const nested = a.symbol.startsWith(`${b.symbol}.`) || b.symbol.startsWith(`${a.symbol}.`);
  return a.symbol === b.symbol || nested ? "same" : "different";
}

/** Paths that differ by case alone are one place: on the file systems of macOS and Windows they are one file. */
function placeOf(path: string): string {
  return path.toLowerCase();
}

function grouped(claims: Claim[]): Map<string, Claim[]> {
  const byPlace = new Map<string, Claim[]>();
  for (const claim of claims) {
    const place = placeOf(claim.scope.path);
    const there = byPlace.get(place);
    if (there === undefined) byPlace.set(place, [claim]);
    else there.push(claim);
  }
  return byPlace;
}

/**
 * Where a claim meets others: its own place and every place above it; what lies below finds it from there. A file above
 * counts as a folder does: what is a file for one task and a folder for the other cannot be both.
 */
function placesOf({ scope }: Claim): string[] {
  const place = placeOf(scope.path);
  return place === "" ? [""] : [...ancestorsOf(place), place];
}

function toOverlap(tasks: Task[], { first, second, symbols }: Meeting): ScopeOverlap {
  const [a, b] = [shown(first.scope), shown(second.scope)];
  return { first: tasks[first.order]?.id ?? "", second: tasks[second.order]?.id ?? "", why: reason(a, b), symbols };
}

function reason(a: string, b: string): string {
  if (a === b) return `both may change ${a}`;
  if (placeOf(a) === placeOf(b)) return `${a} and ${b} are one path where case does not count`;
  return `${a} overlaps ${b}`;
}

function shown(scope: Scope): string {
  if (scope.kind === "file") return scope.path;
  return scope.path === "" ? "**" : `${scope.path}/**`;
}
