/** Phase 5.2 — `smart_merge` beyond git, step by step: each step names itself, and can only make what is contested smaller. */
import type { MergeMethod } from "../../model/merge-method.ts";
import type { MergeSettings } from "../../model/merge-settings.ts";
import type { MergeRegion, TreeEntry } from "../../ports/repository.ts";
import type { KeyPath } from "../../ports/structured-text.ts";
import type { MergePorts } from "../merge-ports.ts";
import { textsOf } from "../read-texts.ts";
import { hasOneLineEnd } from "./line-ends.ts";
import { isLockFile, mergeLockFile } from "./lock-files.ts";
import { mergeAdjacent } from "./merge-adjacent.ts";
import { mergeByKey, type TextSides } from "./merge-by-key.ts";
import { mergeImports } from "./merge-imports.ts";
import { type Contested, isContested, settledText, withMarkers } from "./regions.ts";
import { formatOf } from "./structured-format.ts";
import { isVersionField } from "./version-fields.ts";
import { type LowerVersion, mergeVersions } from "./version-numbers.ts";

/** A path that git could not merge. */
export interface SmartRequest {
  path: string;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
  settings: MergeSettings;
  /** who made the two versions, for the markers of a proposal */
  names: { ours: string; theirs: string };
}

export interface SmartResult {
  /** the steps that did something */
  by: MergeMethod[];
  /** set when nothing is contested any more */
  text?: string;
  /** what is merged so far, with markers around the rest */
  proposal: string;
  /** keys that clash, where the file has keys */
  clashes: string[];
  /** versions that a higher one took the place of */
  lower: LowerVersion[];
}

/** Undefined for what is no pair of texts: binary content, links, submodules, a deletion. */
export async function smartMerge(ports: MergePorts, request: SmartRequest): Promise<SmartResult | undefined> {
  const { base, ours, theirs } = request;
  if (![ours, theirs].every(isFile) || (base !== undefined && !isFile(base))) return undefined;
  const [old, first, second] = await textsOf(ports.repository, [base, ours, theirs]);
  if (first === undefined || second === undefined || (base !== undefined && old === undefined)) return undefined;
  const sides = { base: old ?? "", ours: first, theirs: second };
  // Whatever a step put together would have line ends of two kinds.
  if (!hasOneLineEnd(sides)) return untouched(await regionsOf(ports, sides), request);
  const shrunk = byStructure(ports, request.path, sides);
  if (shrunk === undefined && isLockFile(request.path)) return untouched(await regionsOf(ports, sides), request);
  const left: TextSides = shrunk ?? sides;
  const regions = await regionsOf(ports, left);
  const work = { ...request, language: ports.analyser.languageOf(request.path)?.language ?? "" };
  const { settled, by, lower } = isLockFile(request.path)
    ? { settled: regions, by: [], lower: [] }
    : settleRegions(regions, work);
  // A version that no task of this run wrote is never overruled.
  const overwrites = request.names.ours === "" && lowerOf(shrunk, lower).some(({ side }) => side === "ours");
  if (overwrites) return untouched(await regionsOf(ports, sides), request);
  const text = settledText(settled);
  const done = {
    by: [...(shrunk?.by ?? []), ...by],
    clashes: shrunk?.clashes ?? [],
    lower: text === undefined ? [] : lowerOf(shrunk, lower),
  };
  if (text !== undefined) return { ...done, text, proposal: text };
  const parsed = request.settings.mergiraf ? await ports.mergeProgram.mergiraf(request.path, left) : undefined;
  if (parsed !== undefined)
    return { by: [...(shrunk?.by ?? []), "mergiraf"], clashes: [], lower: [], text: parsed, proposal: parsed };
  return { ...done, proposal: withMarkers(settled, request.names) };
}

function lowerOf(shrunk: { lower: LowerVersion[] } | undefined, more: LowerVersion[]): LowerVersion[] {
  return [...(shrunk?.lower ?? []), ...more];
}

/** Nothing but git's own merge, for people. */
function untouched(regions: MergeRegion[], { names }: SmartRequest): SmartResult {
  return { by: [], clashes: [], lower: [], proposal: withMarkers(regions, names) };
}

function isFile(entry: TreeEntry | undefined): boolean {
  return entry?.mode.startsWith("100") === true;
}

function byStructure({ structuredText }: MergePorts, path: string, sides: TextSides) {
  if (isLockFile(path)) return mergeLockFile(path, sides, structuredText);
  const format = formatOf(path);
  if (format === undefined) return undefined;
  const isVersion = (at: KeyPath): boolean => isVersionField(path, at);
  return mergeByKey(sides, { structuredText, format, method: "keys", whole: () => false, isVersion });
}

/** Git's own regions; a last line without an end gets one for the time being, since markers need lines. */
async function regionsOf({ repository }: MergePorts, sides: TextSides): Promise<MergeRegion[]> {
  if (sides.ours === sides.theirs) return [{ text: sides.ours }];
  const close = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
  const regions = await repository.mergeRegions(close(sides.base), close(sides.ours), close(sides.theirs));
  const open = [sides.ours, sides.theirs].every((text) => text !== "" && !text.endsWith("\n"));
  const last = regions.at(-1);
  if (open && last !== undefined && !isContested(last)) {
    return [...regions.slice(0, -1), { text: last.text.replace(/\n$/, "") }];
  }
  return regions;
}

type RegionWork = SmartRequest & { language: string };

interface Settled {
  settled: MergeRegion[];
  by: MergeMethod[];
  lower: LowerVersion[];
}

function settleRegions(regions: MergeRegion[], work: RegionWork): Settled {
  const by = new Set<MergeMethod>();
  const lower: LowerVersion[] = [];
  let before = "";
  const settled = regions.map((region): MergeRegion => {
    const result = isContested(region) ? settleRegion(region, { work, before, by, lower }) : region;
    before += isContested(result) ? result.ours : result.text;
    return result;
  });
  return { settled, by: ORDER.filter((method) => by.has(method)), lower };
}

const ORDER: MergeMethod[] = ["imports", "versions", "adjacent_lines"];

function settleRegion(
  region: Contested,
  { work, before, by, lower }: { work: RegionWork; before: string; by: Set<MergeMethod>; lower: LowerVersion[] },
): MergeRegion {
  const versions = (): string | undefined => {
    const merged = mergeVersions({ ...region, path: work.path, before });
    lower.push(...(merged?.lower ?? []));
    return merged?.text;
  };
  const steps: [MergeMethod, () => string | undefined][] = [
    ["imports", () => mergeImports({ ...region, language: work.language, before })],
    ["versions", versions],
    ["adjacent_lines", () => (work.settings.adjacent_lines ? mergeAdjacent(region) : undefined)],
  ];
  for (const [method, step] of steps) {
    const text = step();
    if (text === undefined) continue;
    by.add(method);
    return { text };
  }
  return region;
}
