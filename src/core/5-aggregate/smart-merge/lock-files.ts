/** Phase 5.2 — lock files taken apart: entry by entry, each in one piece, never line by line. */
import { nameOf } from "../../code/file-set.ts";
import type { KeyPath, StructuredText } from "../../ports/structured-text.ts";
import { isComplete, keepsVersions } from "./lock-complete.ts";
import { mergeBlocks } from "./merge-blocks.ts";
import { mergeByKey, type Shrunk, type TextSides } from "./merge-by-key.ts";
import { isVersionField } from "./version-fields.ts";

const JSON_LOCKS = new Set(["package-lock.json", "npm-shrinkwrap.json"]);
const BLOCK_LOCKS = new Set(["Cargo.lock", "poetry.lock", "uv.lock", "yarn.lock", "go.sum", "pdm.lock"]);
const YAML_LOCKS = new Set(["pnpm-lock.yaml"]);

export function isLockFile(path: string): boolean {
  const name = nameOf(path);
  return JSON_LOCKS.has(name) || BLOCK_LOCKS.has(name) || YAML_LOCKS.has(name);
}

/** Undefined where the file is of another kind or cannot be taken apart. */
export function mergeLockFile(path: string, sides: TextSides, structuredText: StructuredText): Shrunk | undefined {
  const name = nameOf(path);
  if (BLOCK_LOCKS.has(name)) return mergeBlocks(name, sides);
  const format = JSON_LOCKS.has(name) ? "json" : YAML_LOCKS.has(name) ? "yaml" : undefined;
  if (format === undefined) return undefined;
  const merged = mergeByKey(sides, {
    structuredText,
    format,
    method: "lock_file",
    whole: isEntry,
    isVersion: (at) => isVersionField(path, at),
  });
  if (merged === undefined || format === "yaml") return merged;
  return keepsWhatIsNeeded(sides, merged, structuredText) ? merged : undefined;
}

/** One package: `packages.node_modules/x`, `dependencies.x` of old files, `snapshots.x@1`; the project's own entry is taken apart. */
function isEntry(at: KeyPath): boolean {
  const [section, name] = at;
  if (at.length !== 2 || name === "") return false;
  return section === "packages" || section === "dependencies" || section === "snapshots";
}

/** One side may remove what the other needs now: where all versions were complete, the result must be. */
function keepsWhatIsNeeded(sides: TextSides, merged: TextSides, structuredText: StructuredText): boolean {
  const complete = (text: string): boolean => isComplete(structuredText.read("json", text)?.value);
  const sound = [sides.ours, sides.theirs].every(complete) && (sides.base === "" || complete(sides.base));
  const [ours, theirs, result] = [sides.ours, sides.theirs, merged.ours].map(
    (text) => structuredText.read("json", text)?.value,
  );
  return !sound || (complete(merged.ours) && keepsVersions(result, [ours, theirs]));
}
