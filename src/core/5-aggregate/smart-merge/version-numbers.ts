/** Phase 5.2 — two tasks raised the same version of a manifest: the higher one holds for both, and the lower one is named. */
import { linesOf } from "./regions.ts";
import { versionLine } from "./version-fields.ts";

const VERSION = /^([\^~v=]|>=|==|~>)?\s*(\d+(?:\.\d+)*)(?:-([\w.-]+))?(\+[\w.-]+)?$/;

/** A version that did not hold, because the other side's is higher. */
export interface LowerVersion {
  side: "ours" | "theirs";
  /** the line or the value */
  text: string;
  /** what holds instead */
  by: string;
}

/** Which side has the higher version, where all three are versions of one form and both sides went up; else undefined. */
export function higherVersion(base: unknown, ours: unknown, theirs: unknown): "ours" | "theirs" | undefined {
  if (typeof ours !== "string" || typeof theirs !== "string") return undefined;
  const [old, first, second] = [typeof base === "string" ? parsed(base) : undefined, parsed(ours), parsed(theirs)];
  if (old === undefined || first === undefined || second === undefined) return undefined;
  if (old.form !== first.form || old.form !== second.form) return undefined;
  if (compare(first, old) <= 0 || compare(second, old) <= 0) return undefined;
  const order = compare(first, second);
  return order === 0 ? undefined : order > 0 ? "ours" : "theirs";
}

interface Version {
  /** `^`, `~`, `v` or nothing */
  form: string;
  numbers: number[];
  /** names and numbers of a version that comes before the same without them */
  preview: string[];
}

function parsed(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const numbers = (found[2] ?? "").split(".").map(Number);
  return { form: found[1] ?? "", numbers, preview: found[3]?.split(".") ?? [] };
}

function compare(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.preview.length === 0 || b.preview.length === 0) return b.preview.length - a.preview.length;
  return comparePreviews(a.preview, b.preview);
}

/** As semantic versioning says: numbers by their value and before names, names by their letters, the shorter row first. */
function comparePreviews(a: string[], b: string[]): number {
  for (const [at, one] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [first, second] = [one, other].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
    if (first !== undefined && second !== undefined) return first - second;
    if (first !== undefined || second !== undefined) return first === undefined ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return a.length - b.length;
}

export interface VersionSides {
  path: string;
  /** the text right before */
  before: string;
  base: string;
  ours: string;
  theirs: string;
}

/** Three texts of a manifest that differ in versions alone, as one text; undefined where anything else differs. */
export function mergeVersions(sides: VersionSides): { text: string; lower: LowerVersion[] } | undefined {
  const [old, first, second] = [sides.base, sides.ours, sides.theirs].map(linesOf);
  if (old === undefined || first === undefined || second === undefined) return undefined;
  if (old.length !== first.length || old.length !== second.length) return undefined;
  const lower: LowerVersion[] = [];
  let before = sides.before;
  let text = "";
  for (const [at, our] of first.entries()) {
    const line = lineOf({ before, path: sides.path }, [old[at] ?? "", our, second[at] ?? ""]);
    if (line === undefined) return undefined;
    lower.push(...line.lower);
    before += our;
    text += line.text;
  }
  return { text, lower };
}

function lineOf(
  { path, before }: Pick<VersionSides, "path" | "before">,
  [base, ours, theirs]: [string, string, string],
): { text: string; lower: LowerVersion[] } | undefined {
  if (ours === theirs && theirs === base) return { text: ours, lower: [] };
  const [old, first, second] = [base, ours, theirs].map((line) => versionLine(path, before, line));
  if (old === undefined || first === undefined || second === undefined) return undefined;
  const around = [first, second].every(({ head, tail }) => head === old.head && tail === old.tail);
  if (around && (ours === theirs || theirs === base)) return { text: ours, lower: [] };
  if (around && ours === base) return { text: theirs, lower: [] };
  const higher = around ? higherVersion(old.version, first.version, second.version) : undefined;
  if (higher === undefined) return undefined;
  const [text, lost] = higher === "ours" ? [ours, theirs] : [theirs, ours];
  const side = higher === "ours" ? "theirs" : "ours";
  return { text, lower: [{ side, text: lost.trim(), by: text.trim() }] };
}
