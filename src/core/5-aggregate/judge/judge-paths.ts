/** Phase 5.2 — contested paths of one task put to the judge: joined where exactly one behaviour passes, else a person sees what is known. */
import type { MergeMethod } from "../../model/merge-method.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import { candidatesFor, type FileCandidate } from "../candidates/candidates.ts";
import type { ContestedPath } from "../merge/contested-path.ts";
import type { MergePorts } from "../merge-ports.ts";
import type { CandidateTree, Judgement } from "./judge.ts";

export interface PathsToJudge {
  /** paths nobody has decided on */
  open: ContestedPath[];
  /** what changes on top of the tip, without these paths */
  entries: Map<string, TreeEntry | undefined>;
  tip: string;
  limits: { candidates: number; minutes: number };
  /** checks of the tasks that meet at these paths */
  checksOf(paths: string[]): Promise<string[]>;
}

export interface JudgedPaths {
  joined: { path: string; entry: TreeEntry; by: MergeMethod[]; checks: string[] }[];
  /** for a person */
  open: ContestedPath[];
}

interface Choice {
  contested: ContestedPath;
  candidates: FileCandidate[];
}

export async function judgePaths(ports: MergePorts, request: PathsToJudge): Promise<JudgedPaths> {
  const { open, limits } = request;
  if (open.length === 0 || limits.candidates === 0) return { joined: [], open };
  const choices: Choice[] = [];
  for (const contested of open) {
    const isText = contested.other === undefined;
    choices.push({ contested, candidates: isText ? await candidatesFor(ports, contested) : [] });
  }
  const all = choices.every(({ candidates }) => candidates.length > 0);
  if (!all || ports.judge === undefined)
    return { joined: [], open: choices.map((choice) => proposed(choice, UNTESTED)) };
  const judgement = await judged(ports, request, choices);
  if (judgement.kind === "chosen") {
    const joined = choices.map(({ contested: { path }, candidates }) => {
      const { entry, by } = pick(candidates, judgement.candidate);
      return { path, entry, by, checks: judgement.checks };
    });
    return { joined, open: [] };
  }
  return { joined: [], open: choices.map((choice) => explained(choice, judgement)) };
}

const UNTESTED = "";

async function judged(
  ports: MergePorts,
  request: PathsToJudge,
  choices: Choice[],
): Promise<Judgement & { candidate?: number }> {
  const { repository } = ports;
  const { tip, entries, limits } = request;
  const before = await repository.withEntries(await repository.treeOf(tip), entries);
  const most = Math.max(...choices.map(({ candidates }) => candidates.length));
  const found: (CandidateTree & { index: number })[] = [];
  for (let index = 0; index < most; index += 1) {
    const chosen = choices.map(({ contested, candidates }) => [contested.path, pick(candidates, index)] as const);
    const tree = await repository.withEntries(before, new Map(chosen.map(([path, { entry }]) => [path, entry])));
    if (found.some((other) => other.tree === tree)) continue;
    found.push({ index, tree, by: [...new Set(chosen.flatMap(([, { by }]) => by))] });
  }
  const paths = choices.map(({ contested }) => contested.path);
  const broken = async (at: number): Promise<{ path: string; tree: string }[]> => {
    const unreadable = await repository.writeBlob(UNREADABLE);
    return Promise.all(
      paths.map(async (path) => {
        const entry = { mode: "100644", blob: unreadable };
        return { path, tree: await repository.withEntries(found[at]?.tree ?? before, new Map([[path, entry]])) };
      }),
    );
  };
  const candidates = found.map(({ by, tree }) => ({ by, tree }));
  const judgement = await ports.judge?.judge({
    tip,
    candidates,
    limits,
    broken,
    checks: await request.checksOf(paths),
  });
  if (judgement === undefined) return { kind: "none", why: UNTESTED, tested: [] };
  return judgement.kind === "none" ? judgement : { ...judgement, candidate: found[judgement.candidate]?.index ?? 0 };
}

/** Text that no language, and no reader of a format, takes for its own. */
const UNREADABLE = "<<<<<<< ((( [[[ {{{ \"' not readable on purpose\n";

function pick(candidates: FileCandidate[], index: number): FileCandidate {
  const found = candidates[Math.min(index, candidates.length - 1)];
  if (found === undefined) throw new Error("a path without candidates was put to the judge");
  return found;
}

function explained({ contested, candidates }: Choice, judgement: Judgement & { candidate?: number }): ContestedPath {
  const { tested } = judgement;
  if (judgement.kind === "none")
    return tested.length === 0
      ? proposed({ contested, candidates }, judgement.why)
      : { ...contested, why: because(contested, judgement.why), candidates: tested };
  if (judgement.kind === "chosen") return contested;
  const { text } = pick(candidates, judgement.candidate ?? 0);
  const why = `the proposal passes the checks, and none of them touches ${judgement.paths.join(", ")}: it is unverified`;
  return { ...contested, why: because(contested, why), proposal: text, candidates: tested };
}

/** A join that nobody could verify, as a clean proposal. */
function proposed({ contested, candidates }: Choice, why: string): ContestedPath {
  const [first] = candidates;
  if (first === undefined) return contested;
  const said =
    why === UNTESTED
      ? "the proposal joins both and is unverified"
      : `${why}; the proposal joins both and is unverified`;
  return { ...contested, why: because(contested, said), proposal: first.text };
}

function because({ why }: ContestedPath, more: string): string {
  return `${why}; ${more}`;
}
