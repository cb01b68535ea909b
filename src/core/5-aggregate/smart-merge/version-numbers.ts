/** Phase 5.2 — two tasks raised the same version: the higher one holds for both. */

const VERSION = /^([\^~]|>=|v|=)?\s*(\d+(?:\.\d+)+)(-[\w.-]+)?(\+[\w.-]+)?$/;

/** Which side has the higher version, where all three are versions of one form and both sides went up; else undefined. */
export function higherVersion(base: unknown, ours: unknown, theirs: unknown): "ours" | "theirs" | undefined {
  if (typeof ours !== "string" || typeof theirs !== "string") return undefined;
  const [old, first, second] = [typeof base === "string" ? parsed(base) : undefined, parsed(ours), parsed(theirs)];
  if (old === undefined || first === undefined || second === undefined) return undefined;
  if (old.form !== first.form || old.form !== second.form) return undefined;
  if (compare(first, old) < 0 || compare(second, old) < 0) return undefined;
  const order = compare(first, second);
  return order === 0 ? undefined : order > 0 ? "ours" : "theirs";
}

interface Version {
  /** `^`, `~`, `v` or nothing */
  form: string;
  numbers: number[];
  /** a version with one comes before the same without */
  preview: string;
}

function parsed(text: string): Version | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const numbers = (found[2] ?? "").split(".").map(Number);
  return { form: found[1] ?? "", numbers, preview: found[3] ?? "" };
}

function compare(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.preview === b.preview) return 0;
  if (a.preview === "") return 1;
  return b.preview === "" || a.preview < b.preview ? -1 : 1;
}

const IN_TEXT = /(?<![\w.])[v^~]?\d+(?:\.\d+)+(?:-[\w.-]*\w)?(?![\w.])/g;

/** Three texts that differ in version numbers alone, as one text; undefined where anything else differs. */
export function mergeVersions({
  base,
  ours,
  theirs,
}: {
  base: string;
  ours: string;
  theirs: string;
}): string | undefined {
  const skeleton = ours.replace(IN_TEXT, "\0");
  if (base.replace(IN_TEXT, "\0") !== skeleton || theirs.replace(IN_TEXT, "\0") !== skeleton) return undefined;
  const [old, second] = [base.match(IN_TEXT) ?? [], theirs.match(IN_TEXT) ?? []];
  const first = ours.match(IN_TEXT) ?? [];
  const chosen = first.map((version, at) => {
    if (version === second[at] || second[at] === old[at]) return version;
    if (version === old[at]) return second[at];
    const higher = higherVersion(old[at], version, second[at]);
    return higher === undefined ? undefined : higher === "ours" ? version : second[at];
  });
  if (chosen.includes(undefined)) return undefined;
  let at = 0;
  return ours.replace(IN_TEXT, () => chosen[at++] ?? "");
}
