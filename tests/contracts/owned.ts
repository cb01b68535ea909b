/** Ownership of a run, for tests that write one. */
import { expect } from "vitest";
import type { ProcessIdentity } from "../../src/core/model/process-identity.ts";
import type { WorkKind } from "../../src/core/model/work-kind.ts";
import type { OwnerToken, RunStore } from "../../src/core/ports/run-store.ts";
import { owner } from "./run-store.samples.ts";

/** Makes a piece of work the run's owner, whoever owned it before. */
export function own(
  store: RunStore,
  work: WorkKind = "execute",
  { run_id = "run-1", by = owner }: { run_id?: string; by?: ProcessIdentity } = {},
): OwnerToken {
  const acquired = store.acquire(run_id, { ...by, work }, () => false);
  if (!acquired.ok) expect.fail(`${acquired.error.code}: ${acquired.error.message}`);
  return acquired.value.token;
}
