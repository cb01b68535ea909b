/** Phase 5.2 — semantic conflicts of one task: those a person has decided are applied, the others hold the task back. */
import type { Conflict, Decision } from "../../model/conflict.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergeSides, Overlap } from "../find-overlap.ts";
import type { MergePorts } from "../merge-ports.ts";
import { findSemantic } from "../semantic/find-semantic.ts";
import type { Finding } from "../semantic/finding.ts";
import { type MergedTask, touching } from "./beside.ts";
import { sidesAsked } from "./conflict-sides.ts";
import { semanticConflictOf } from "./describe-conflict.ts";
import { type SettledPaths, saidBy } from "./settle-paths.ts";

export interface MeaningRequest {
  taskId: string;
  sides: MergeSides;
  overlap: Overlap;
  settled: SettledPaths;
  beside: MergedTask[];
  decisionFor(conflict: Conflict): Promise<Decision | undefined>;
}

/** Less sure than this is no reason to keep anyone waiting. */
const WORTH_ASKING = 0.5;

/** The undecided ones. Whatever goes wrong in the search leaves `note`, and the merge as it is. */
export async function settleMeaning(
  ports: MergePorts,
  request: MeaningRequest,
): Promise<{ open: Conflict[]; note?: string }> {
  const { sides, overlap, settled } = request;
  if (overlap.ours.size === 0 || overlap.theirs.length === 0) return { open: [] };
  const merged = await ports.repository.withEntries(await ports.repository.treeOf(sides.tip), settled.entries);
  let findings: Finding[];
  try {
    findings = await findSemantic(ports, { sides, overlap, merged });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { open: [], note: `semantic conflicts were not looked for: ${why.replace(/\s+/g, " ").slice(0, 200)}` };
  }
  const open: Conflict[] = [];
  for (const finding of findings.filter((one) => one.confidence >= WORTH_ASKING)) {
    const conflict = await conflictFor(ports, finding, request);
    const decision = await request.decisionFor(conflict);
    if (decision !== undefined && decision.sides === sidesAsked(conflict)) apply(request, conflict, decision);
    else open.push(conflict);
  }
  return { open };
}

async function conflictFor(
  { repository }: MergePorts,
  finding: Finding,
  { taskId, sides, beside }: MeaningRequest,
): Promise<Conflict> {
  const at = async (commit: string): Promise<TreeEntry | undefined> =>
    (await repository.files(commit)).get(finding.path);
  const versions = { base: await at(sides.base), ours: await at(sides.tip), theirs: await at(sides.source) };
  const place = finding.side === "ours" ? finding.path : finding.other.path;
  const others = (await touching(repository, beside, place)).map((touched) => touched.task_id);
  return semanticConflictOf(repository, finding, { tasks: [...new Set(others), taskId], versions });
}

/** `ours` leaves the task out, `both` lands it as it is, `theirs` and `edited` say what the file shall be. */
function apply({ settled, overlap }: MeaningRequest, { path, theirs, ours }: Conflict, decision: Decision): void {
  const said = saidBy(decision);
  if (decision.remembered_from !== undefined) settled.merged.push({ path, by: ["remembered"] });
  if (decision.choice === "ours") {
    settled.lost = { side: "theirs", paths: overlap.theirs.map((change) => change.path), decision: said };
  }
  if (decision.choice === "ours" || decision.choice === "both") return;
  const chosen = decision.blob === undefined ? undefined : { mode: decision.mode ?? "100644", blob: decision.blob };
  settled.entries.set(path, chosen);
  if (decision.choice === "theirs" && theirs.blob === ours.blob) return;
  if (overlap.ours.has(path)) settled.dropped.push({ path, side: "ours", decision: said });
  if (decision.choice === "edited" && overlap.theirs.some((change) => change.path === path)) {
    settled.dropped.push({ path, side: "theirs", decision: said });
  }
}
