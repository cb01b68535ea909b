/** Phase 5.2 — a merged source file is looked at before it counts as merged: it parses, and declares nothing twice. */
import { FactReader } from "../../code/fact-reader.ts";
import type { CodeFacts } from "../../model/code-facts.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergePorts } from "../merge-ports.ts";
import { textsOf } from "../read-texts.ts";
import { formatOf } from "../smart-merge/structured-format.ts";

/** The three versions that were merged, absent where there was no file, and what came of it. */
export interface MergedFile {
  path: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
  merged: TreeEntry;
}

export interface GateFailure {
  why: string;
  /** what is declared twice, and where */
  twice?: { symbol: string; line: number; first: number };
}

/** Undefined when the file may pass: it is sound, or one of its versions was not sound either. */
export async function gate(ports: MergePorts, file: MergedFile): Promise<GateFailure | undefined> {
  return (await structureProblem(ports, file)) ?? codeProblem(ports, file);
}

async function codeProblem(ports: MergePorts, file: MergedFile): Promise<GateFailure | undefined> {
  const { path, base, ours, theirs, merged } = file;
  const reader = new FactReader(ports);
  const versions = [base, ours, theirs, merged].map((entry) => entry && { path, blob: entry.blob });
  const facts = await reader.read(versions.filter((version) => version !== undefined));
  const [before, first, second, result] = versions.map((version) => version && facts.get(reader.keyOf(version) ?? ""));
  if (result === undefined || result.depth === "file") return undefined;
  const sound = [before, first, second].every((one) => one === undefined || one.status === "ok");
  if (!sound) return undefined;
  if (result.status !== "ok") return { why: "each version parses, the merged one does not" };
  const twice = declaredTwice([before, first, second], result);
  return twice && { why: `both tasks declare ${twice.symbol}`, twice };
}

/** A name that either side has once (or as often as it likes to) and the result once more. */
function declaredTwice(versions: (CodeFacts | undefined)[], result: CodeFacts): GateFailure["twice"] {
  const counts = versions.map((facts) => countsOf(facts));
  for (const [key, lines] of countsOf(result)) {
    const most = Math.max(0, ...counts.map((count) => count.get(key)?.length ?? 0));
    const [first = 1] = lines;
    if (lines.length > most && most > 0)
      return { symbol: key.split(" ")[1] ?? key, line: lines.at(-1) ?? first, first };
  }
  return undefined;
}

const TYPES = new Set(["interface", "type"]);

/** Lines per name; types and values are name spaces of their own. */
function countsOf(facts: CodeFacts | undefined): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const functions = new Set((facts?.symbols ?? []).filter(isPythonFunction(facts)).map(({ name }) => name));
  for (const { name, kind, line } of facts?.symbols ?? []) {
    if (kind === "impl" || name === "init" || name === "_") continue;
    if (functions.has(name.slice(0, Math.max(0, name.lastIndexOf("."))))) continue;
    const key = `${TYPES.has(kind) && facts?.language === "typescript" ? "type" : "value"} ${name}`;
    found.set(key, [...(found.get(key) ?? []), line]);
  }
  return found;
}

/** A name inside a function of Python is a variable: it may be given anew as often as one likes. */
function isPythonFunction(facts: CodeFacts | undefined): (symbol: CodeFacts["symbols"][number]) => boolean {
  return ({ kind }) => facts?.language === "python" && (kind === "function" || kind === "method");
}

/** JSON and YAML: sound before, so sound afterwards; a key twice is not. */
async function structureProblem(ports: MergePorts, file: MergedFile): Promise<GateFailure | undefined> {
  const format = formatOf(file.path);
  if (format === undefined) return undefined;
  const texts = await textsOf(ports.repository, [file.base, file.ours, file.theirs, file.merged]);
  const [base, ours, theirs, merged] = texts.map(
    (text) => text === undefined || ports.structuredText.read(format, text),
  );
  return base && ours && theirs && !merged ? { why: "each version is sound, the merged one is not" } : undefined;
}
