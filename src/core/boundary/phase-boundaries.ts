/** The specification's boundary declaration of each phase, and its enforcement: a read-only phase is handed a repository it cannot write. */
import type { Boundary } from "../model/boundary.ts";
import { mayWrite } from "../model/boundary.ts";
import type { PhaseId } from "../model/phase.ts";
import type { Repository, RepositoryReader } from "../ports/repository.ts";

export const PHASE_BOUNDARIES: Record<PhaseId, Boundary> = {
  phase_0_knowledge: {
    task_boundary: "KNOWLEDGE_LOADING",
    access: "read_only",
    scope: ["Find the task type and read the files it needs"],
  },
  phase_1_decompose: {
    task_boundary: "DECOMPOSITION",
    access: "read_only",
    scope: ["Analyse the work and settle its discrete tasks"],
  },
  phase_2_dependency: {
    task_boundary: "DEPENDENCY_ANALYSIS",
    access: "read_only",
    scope: ["Map what the tasks need from each other"],
  },
  phase_3_batch: { task_boundary: "BATCH_FORMATION", access: "read_only", scope: ["Form the parallel batches"] },
  phase_4_execute: {
    task_boundary: "PARALLEL_EXECUTION",
    access: "write (distributed)",
    scope: ["Carry out all batches of the plan, each task inside its own boundary"],
  },
  phase_5_aggregate: {
    task_boundary: "AGGREGATION",
    access: "write",
    scope: ["Merge the results, settle conflicts, validate, report"],
  },
};

/** Repository as `phase` may hold it: everything, or an object on which the writing methods do not exist. */
export function repositoryFor(phase: PhaseId, repository: Repository): RepositoryReader {
  if (mayWrite(PHASE_BOUNDARIES[phase].access)) return repository;
  return {
    root: repository.root,
    resolve: (revision) => repository.resolve(revision),
    watch: () => repository.watch(),
    treeOf: (commit) => repository.treeOf(commit),
    checkTrees: (commit) => repository.checkTrees(commit),
    files: (commit) => repository.files(commit),
    changes: (from, to) => repository.changes(from, to),
    hunks: (from, to) => repository.hunks(from, to),
    text: (blob, limit) => repository.text(blob, limit),
    blobs: (ids, limit, take) => repository.blobs(ids, limit, take),
    history: (commit, count) => repository.history(commit, count),
    diff: (from, to) => repository.diff(from, to),
    isDirty: () => repository.isDirty(),
    lfsPaths: (commit) => repository.lfsPaths(commit),
    readRef: (name) => repository.readRef(name),
  };
}
