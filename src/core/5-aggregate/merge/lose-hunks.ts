/** Phase 5.2 — `first_wins` and `last_wins` at the granularity `hunk`: both changes, and one side's lines where they clash. */
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergePorts } from "../merge-ports.ts";
import { textsOf } from "../read-texts.ts";
import { isContested } from "../smart-merge/regions.ts";
import type { ContestedPath } from "./contested-path.ts";

/** Undefined for what has no lines on both sides: then the file is the smallest piece. */
export async function loseHunks(
  { repository }: MergePorts,
  { base, ours, theirs }: ContestedPath,
  winner: "ours" | "theirs",
): Promise<{ entry: TreeEntry; clashed: boolean } | undefined> {
  const files = [ours, theirs].every((entry) => entry?.mode.startsWith("100") === true);
  const [old = "", first, second] = await textsOf(repository, [base, ours, theirs]);
  if (!files || first === undefined || second === undefined || ours === undefined) return undefined;
  if ([old, first, second].some((text) => text !== "" && !text.endsWith("\n"))) return undefined;
  const regions = await repository.mergeRegions(old, first, second);
  const text = regions.map((region) => (isContested(region) ? region[winner] : region.text)).join("");
  const mode = ours.mode === base?.mode ? (theirs?.mode ?? ours.mode) : ours.mode;
  return { entry: { mode, blob: await repository.writeBlob(text) }, clashed: regions.some(isContested) };
}
