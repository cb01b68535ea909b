/** Phase 5.2 — the ways to join a contested file, best first: each passes the gate and loses nothing; which of them is right, the checks say. */
import { FactReader } from "../../code/fact-reader.ts";
import type { MergeMethod } from "../../model/merge-method.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import { gate } from "../merge/gate.ts";
import type { MergePorts } from "../merge-ports.ts";
import { textsOf } from "../read-texts.ts";
import { isLockFile } from "../smart-merge/lock-files.ts";
import { mergeImports } from "../smart-merge/merge-imports.ts";
import { isContested } from "../smart-merge/regions.ts";
import { formatOf } from "../smart-merge/structured-format.ts";
import { joinEntities } from "./join-entities.ts";
import type { Order } from "./join-insertions.ts";
import { joinLines } from "./join-lines.ts";
import { lostOrNew, lostOrNewLines } from "./keeps-both.ts";
import { type Texts, withPlainEnds } from "./line-ends.ts";
import { partsOf } from "./parts-of.ts";

export interface FileVersions {
  path: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
}

export interface FileCandidate {
  /** the steps that made it */
  by: MergeMethod[];
  entry: TreeEntry;
  text: string;
}

interface Proposed {
  by: Set<MergeMethod>;
  text: string;
}

const ORDERS: Order[] = ["ours_first", "theirs_first"];

/** None for what has its own rules (keys, lock files), for what is no text, and where the two changes do not go together. */
export async function candidatesFor(ports: MergePorts, versions: FileVersions): Promise<FileCandidate[]> {
  const { path, base, ours, theirs } = versions;
  if (isLockFile(path) || formatOf(path) !== undefined) return [];
  if (![ours, theirs].every(isFile) || (base !== undefined && !isFile(base)) || ours?.mode !== theirs?.mode) return [];
  const [old, first, second] = await textsOf(ports.repository, [base, ours, theirs]);
  if (first === undefined || second === undefined || (base !== undefined && old === undefined)) return [];
  const sides = withPlainEnds({ base: old ?? "", ours: first, theirs: second });
  if (sides === undefined) return [];
  const found: FileCandidate[] = [];
  for (const proposed of await proposals(ports, versions, sides.plain)) {
    if (proposed === undefined || problemOf(proposed, sides.plain) !== undefined) continue;
    const text = sides.restored(proposed.text);
    if (found.some((other) => other.text === text)) continue;
    const entry = { mode: ours?.mode ?? "100644", blob: await ports.repository.writeBlob(text) };
    if ((await gate(ports, { ...versions, merged: entry })) !== undefined) continue;
    found.push({ by: METHODS.filter((method) => proposed.by.has(method)), entry, text });
  }
  return found;
}

const METHODS: MergeMethod[] = ["imports", "adjacent_lines", "insertions", "tokens", "entities", "moved_symbol"];

function isFile(entry: TreeEntry | undefined): boolean {
  return entry?.mode.startsWith("100") === true;
}

/** Joins that take whole lines are held to whole lines, the others to words; imports are put together anew and prove themselves. */
function problemOf({ by, text }: Proposed, sides: Texts): string | undefined {
  if (by.has("imports")) return undefined;
  const whole = { ...sides, merged: text };
  return by.has("tokens") ? lostOrNew(whole) : lostOrNewLines(whole);
}

async function proposals(
  ports: MergePorts,
  { path, ...versions }: FileVersions,
  sides: Texts,
): Promise<(Proposed | undefined)[]> {
  const byPlace = await Promise.all(ORDERS.map((order) => joinRegions(ports, { path, sides, order })));
  const parts = await partsOfAll(ports, { path, ...versions }, sides);
  const byEntity = parts === undefined ? [] : ORDERS.map((order) => joinEntities(parts, order));
  const [first, reversed] = byPlace;
  return [first, byEntity[0], reversed, byEntity[1]];
}

/** Git's own places of conflict, each joined by itself. */
async function joinRegions(
  ports: MergePorts,
  { path, sides, order }: { path: string; sides: Texts; order: Order },
): Promise<Proposed | undefined> {
  const close = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
  const open = [sides.ours, sides.theirs].every((text) => !text.endsWith("\n"));
  const regions = await ports.repository.mergeRegions(close(sides.base), close(sides.ours), close(sides.theirs));
  const language = ports.analyser.languageOf(path)?.language ?? "";
  const by = new Set<MergeMethod>();
  let text = "";
  for (const region of regions) {
    if (!isContested(region)) {
      text += region.text;
      continue;
    }
    const imports = mergeImports({ ...region, language, before: text });
    const joined = imports === undefined ? joinLines(region, order) : { text: imports, by: ["imports" as const] };
    if (joined === undefined) return undefined;
    for (const method of joined.by) by.add(method);
    text += joined.text;
  }
  return { by, text: open ? text.replace(/\n$/, "") : text };
}

async function partsOfAll(ports: MergePorts, { path, base, ours, theirs }: FileVersions, sides: Texts) {
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  const reader = new FactReader(ports);
  const blobs = [base, ours, theirs].map(({ blob }) => ({ path, blob }));
  const facts = await reader.read(blobs);
  const [old, first, second] = blobs.map((blob) => facts.get(reader.keyOf(blob) ?? ""));
  const sound = [old, first, second].every((one) => one?.status === "ok" && one.depth !== "file");
  if (!sound || old === undefined || first === undefined || second === undefined) return undefined;
  return {
    base: partsOf(sides.base, old.symbols),
    ours: partsOf(sides.ours, first.symbols),
    theirs: partsOf(sides.theirs, second.symbols),
  };
}
