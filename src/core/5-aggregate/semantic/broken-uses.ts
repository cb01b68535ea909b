/** One task took away, renamed or changed what another newly uses: found by asking the merged tree what each new use means there (phase 5.2). */

import { definitionsFor, importedAs } from "../../code/definitions.ts";
import type { Place } from "../../code/references.ts";
import type { CodeFacts } from "../../model/code-facts.ts";
import { brokenInterface } from "./broken-interface.ts";
import type { BrokenUse } from "./broken-use.ts";
import type { Finding } from "./finding.ts";
import { type FreshName, freshNames } from "./fresh-uses.ts";
import type { Trees } from "./trees.ts";
import { whereItWent } from "./where-it-went.ts";

const GONE = 0.9;

/** Findings for the code files `paths` that one side changed; `side` says which. */
export async function brokenUses(paths: string[], trees: Trees, side: Finding["side"]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const path of paths) found.push(...(await inFile(path, trees, side)));
  return found;
}

async function inFile(path: string, trees: Trees, side: Finding["side"]): Promise<Finding[]> {
  const { base, user, merged } = trees;
  const facts = user.index.factsOf(path);
  if (facts === undefined || merged.index.factsOf(path) === undefined) return [];
  const before = { facts: base.index.factsOf(path), text: await base.text(path) };
  const names = freshNames({ before, after: { facts, text: await user.text(path) } });
  const meaning = { user: definitionsFor(path, user.index), merged: definitionsFor(path, merged.index) };
  const found = new Map<string, Finding>();
  for (const { use, imported } of names) {
    const places = (tree: "user" | "merged"): Place[] =>
      imported === undefined ? meaning[tree](use) : importedAs(path, imported.fact, imported.name, trees[tree].index);
    const [was] = places("user");
    if (was === undefined) continue;
    const broken = { path, line: use.line, was, ...wordsOf({ use, imported }, facts) };
    const finding = await judge(broken, places("merged")[0], { trees, side });
    const key = finding && `${finding.other.path}\n${finding.symbol}`;
    if (finding !== undefined && key !== undefined && !found.has(key)) found.set(key, finding);
  }
  return [...found.values()];
}

/** The local word, and the one it is exported as. */
function wordsOf({ use, imported }: FreshName, facts: CodeFacts): Pick<BrokenUse, "word" | "of" | "exported"> {
  if (use.member !== undefined) return { word: use.member, of: use.name, exported: use.member };
  const bound = facts.imports.flatMap((fact) => fact.names).find((name) => name.as === use.name);
  const exported = imported?.name ?? bound?.name ?? use.name;
  return { word: use.name, exported: exported === "*" ? use.name : exported };
}

async function judge(
  broken: BrokenUse,
  now: Place | undefined,
  { trees, side }: { trees: Trees; side: Finding["side"] },
): Promise<Finding | undefined> {
  if (now !== undefined) return brokenInterface(broken, now, { trees, side });
  const { was, path, line } = broken;
  const went = await whereItWent(broken, trees);
  const symbol = was.symbol === "*" || went.hidden === true ? broken.exported : was.symbol;
  const before = await trees.user.excerpt(was.path, was.symbol);
  const place = { path: was.path, line: trees.user.symbol(was.path, was.symbol)?.line ?? 1 };
  return {
    kind: went.kind,
    symbol,
    path,
    line,
    side,
    confidence: GONE,
    why: `${path}:${line} uses ${symbol} of ${was.path}, which ${went.said}`,
    other: { kind: went.kind, ...place, ...(before === undefined ? {} : { before }), ...went.after },
    ...(went.proposal === undefined ? {} : { proposal: went.proposal }),
  };
}
