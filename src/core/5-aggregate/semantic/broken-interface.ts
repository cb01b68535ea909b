/** A definition is still there, but no longer what its new user was written for (phase 5.2). */

import type { Place } from "../../code/references.ts";
import type { BrokenUse } from "./broken-use.ts";
import { callsOf } from "./calls.ts";
import { misfit } from "./compare-signatures.ts";
import type { Finding } from "./finding.ts";
import { shapeMisfit } from "./members-of.ts";
import { signatureOf } from "./signature.ts";
import type { Trees } from "./trees.ts";

const CALLED = 0.8;
const MENTIONED = 0.6;
/** kinds of symbols that are judged by their members */
const SHAPED = new Set(["interface", "type", "enum", "struct"]);

export async function brokenInterface(
  broken: BrokenUse,
  now: Place,
  { trees, side }: { trees: Trees; side: Finding["side"] },
): Promise<Finding | undefined> {
  const { was, path, line } = broken;
  if (was.symbol === "*" || now.symbol === "*") return undefined;
  const before = await trees.user.source(was.path, was.symbol);
  const after = await trees.merged.source(now.path, now.symbol);
  if (before === undefined || after === undefined || before === after) return undefined;
  const calls = await freshCalls(broken, trees);
  const reason = await reasonFor({ was, now, before, after, calls }, trees);
  if (reason === undefined) return undefined;
  const definition = trees.merged.symbol(now.path, now.symbol);
  return {
    kind: "interface",
    symbol: was.symbol,
    path,
    side,
    line: calls[0]?.line ?? line,
    confidence: calls.length > 0 ? CALLED : MENTIONED,
    why: `${path}:${calls[0]?.line ?? line} uses ${was.symbol} of ${was.path} as it was: ${reason}`,
    other: {
      kind: "interface",
      path: now.path,
      line: definition?.line ?? 1,
      before: await trees.user.excerpt(was.path, was.symbol),
      after: await trees.merged.excerpt(now.path, now.symbol),
    },
  };
}

interface Versions {
  was: Place;
  now: Place;
  before: string;
  after: string;
  calls: ReturnType<typeof callsOf>;
}

async function reasonFor({ was, now, before, after, calls }: Versions, trees: Trees): Promise<string | undefined> {
  const language = trees.user.index.languageOf(was.path) ?? "";
  const [old, present] = [signatureOf(before, was.symbol, language), signatureOf(after, now.symbol, language)];
  if (old !== undefined && present !== undefined) return misfit(old, present, calls);
  const made = await constructors(was, now, trees);
  if (made !== undefined) return misfit(made.old, made.present, calls);
  const kind = trees.user.symbol(was.path, was.symbol)?.kind ?? "";
  return SHAPED.has(kind) ? shapeMisfit(before, after, language) : undefined;
}

/** Signatures of a class's constructor, before and now, that `new X(…)` and `X(…)` are checked against. */
async function constructors(was: Place, now: Place, trees: Trees) {
  const language = trees.user.index.languageOf(was.path) ?? "";
  if (trees.user.symbol(was.path, was.symbol)?.kind !== "class") return undefined;
  const read = async (tree: Trees["user"], place: Place) => {
    const source = await tree.source(place.path, place.symbol);
    const signature = signatureOf(source ?? "", language === "python" ? "__init__" : "constructor", language);
    if (signature === undefined || language !== "python") return signature;
    return { ...signature, parameters: signature.parameters.slice(1) };
  };
  const [old, present] = [await read(trees.user, was), await read(trees.merged, now)];
  return old === undefined || present === undefined ? undefined : { old, present };
}

/** Calls in lines that the file did not have before. */
async function freshCalls({ path, word }: BrokenUse, { base, user }: Trees): Promise<ReturnType<typeof callsOf>> {
  const known = new Set((await base.text(path)).split("\n"));
  const text = await user.text(path);
  const lines = text.split("\n");
  const language = user.index.languageOf(path) ?? "";
  return callsOf(text, word, { language, fresh: (line) => !known.has(lines[line - 1] ?? "") });
}
