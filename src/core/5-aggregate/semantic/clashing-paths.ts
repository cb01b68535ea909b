/** Which changed files of two sides can have anything to do with each other: a look at their names, before any tree is read (phase 5.2). */
import { type CodeSources, FactReader } from "../../code/fact-reader.ts";
import { nameOf } from "../../code/file-set.ts";
import type { CodeFacts } from "../../model/code-facts.ts";
import type { TreeChange } from "../../ports/repository.ts";

export interface Sides<T> {
  ours: T;
  theirs: T;
}

/** Sorted paths per side; empty where nothing that one side defines is used or defined by the other. */
export async function clashingPaths(sources: CodeSources, changes: Sides<TreeChange[]>): Promise<Sides<string[]>> {
  const reader = new FactReader(sources);
  const ours = await namesOf(reader, changes.ours);
  const theirs = await namesOf(reader, changes.theirs);
  return { ours: meeting(ours, union(theirs)), theirs: meeting(theirs, union(ours)) };
}

interface Names {
  /** what the file defines before or after, and what it is called itself */
  defined: Set<string>;
  used: Set<string>;
  /** receivers that may register routes */
  routed: Set<string>;
}

function meeting(files: Map<string, Names>, other: Names): string[] {
  const meets = (a: Set<string>, b: Set<string>): boolean => [...a].some((name) => b.has(name));
  return [...files]
    .filter(
      ([, { defined, used, routed }]) =>
        meets(defined, other.used) ||
        meets(used, other.defined) ||
        meets(defined, other.defined) ||
        meets(routed, other.routed),
    )
    .map(([path]) => path)
    .sort();
}

function union(files: Map<string, Names>): Names {
  const all = emptyNames();
  for (const names of files.values()) {
    for (const name of names.defined) all.defined.add(name);
    for (const name of names.used) all.used.add(name);
    for (const name of names.routed) all.routed.add(name);
  }
  return all;
}

function emptyNames(): Names {
  return { defined: new Set(), used: new Set(), routed: new Set() };
}

async function namesOf(reader: FactReader, changes: TreeChange[]): Promise<Map<string, Names>> {
  const files = changes.flatMap(({ path, before, after }) => [
    ...(before === undefined ? [] : [{ path, blob: before.blob, after: false }]),
    ...(after === undefined ? [] : [{ path, blob: after.blob, after: true }]),
  ]);
  const facts = await reader.read(files);
  const found = new Map<string, Names>();
  for (const file of files) {
    const known = facts.get(reader.keyOf(file) ?? "");
    if (known === undefined || known.depth !== "symbol") continue;
    const names = found.get(file.path) ?? emptyNames();
    found.set(file.path, names);
    addDefined(names, known, file.path);
    if (file.after) addUsed(names, known);
  }
  return found;
}

/** A method goes by its own name and its type's; a file and its folder are what imports say. */
function addDefined({ defined }: Names, { symbols, exports }: CodeFacts, path: string): void {
  for (const { name } of symbols) for (const part of name.split(".")) defined.add(part);
  for (const { name } of exports) defined.add(name);
  defined.add(nameOf(path).replace(/\.\w+$/, ""));
  defined.add(path.split("/").at(-2) ?? "");
}

function addUsed({ used, routed }: Names, { uses, imports }: CodeFacts): void {
  for (const { name, member } of uses) {
    used.add(name);
    if (member !== undefined) used.add(member);
    routed.add(name);
  }
  for (const { names, specifier } of imports) {
    for (const { name } of names) used.add(name);
    used.add(
      specifier
        .replace(/\.\w+$/, "")
        .split(/[/.]/)
        .at(-1) ?? "",
    );
  }
}
