/** Phase 4 for the chat client: takes the next offered task under a lease, with everything that whoever does it has to know. */
import type { Boundary } from "../model/boundary.ts";
import type { Lease } from "../model/lease.ts";
import { ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { PlannedRun } from "../run/planned-run.ts";
import { isPaused } from "../run/waiting-for.ts";
import { expiryFrom, renewLease } from "./lease-access.ts";
import { offerComes, whyNone } from "./offers-to-come.ts";
import { type RunCore, resumeInterrupted } from "./run-core.ts";
import { type ScopeFile, scopeFiles } from "./scope-files.ts";
import { taskBrief, taskOf } from "./task-views.ts";

export interface ClaimRequest {
  run_id: string;
  task_id?: string | undefined;
  /** a lease of the caller's own: shown again and renewed */
  lease?: string | undefined;
  include_content?: boolean | undefined;
}

export interface Claim {
  lease: string;
  task_id: string;
  attempt: number;
  workspace: string;
  brief: string;
  boundary: Pick<Boundary, "access" | "scope">;
  files: ScopeFile[];
  /** ISO 8601 */
  expires_at: string;
}

export type Claimed =
  | { status: "ready"; claim: Claim }
  | { status: "preparing" }
  | { status: "none_ready"; why: string };

const POLL_MS = 500;

/** Waits up to `ms` while a workspace is being prepared. */
export async function claimTask(request: ClaimRequest, core: RunCore, ms: number): Promise<Result<Claimed>> {
  if (request.lease !== undefined) return claimAgain(request, request.lease, core.ports);
  const known = request.task_id === undefined ? undefined : taskOf(request.run_id, request.task_id, core.ports);
  if (known?.ok === false) return known;
  const going = await resumeInterrupted(request.run_id, core);
  if (!going.ok) return going;
  const end = AbortSignal.timeout(Math.max(1, ms));
  for (;;) {
    const context = await core.context(request.run_id);
    if (!context.ok) return context;
    const taken = takeOffer(context.value, request, core.ports);
    if (!taken.ok) return taken;
    if (taken.value !== undefined) return shown(taken.value, request, core.ports);
    const comes = offerComes(context.value, request.task_id);
    if (!comes) return ok({ status: "none_ready", why: whyNone(context.value, request.task_id) });
    if (end.aborted) return ok({ status: "preparing" });
    await core.ports.notifier.wait(request.run_id, POLL_MS, end);
  }
}

interface Taken {
  token: string;
  lease: Lease;
}

/** The first offered task in the order of the task list; another client may take it at the same moment. A paused run gives nothing out. */
function takeOffer(
  context: PlannedRun,
  { run_id, task_id }: ClaimRequest,
  ports: Pick<OrchestratorPorts, "store" | "tokens" | "clock" | "observe" | "notifier">,
): Result<Taken | undefined> {
  if (isPaused(context)) return ok(undefined);
  const { list } = context;
  const place = new Map(list.tasks.map((task, index) => [task.id, index]));
  const offers = ports.store
    .leases(run_id)
    .filter((lease) => lease.state === "offered" && (task_id === undefined || lease.task_id === task_id))
    .sort((a, b) => (place.get(a.task_id) ?? 0) - (place.get(b.task_id) ?? 0));
  for (const offer of offers) {
    const token = ports.tokens.make();
    const claimed_at = ports.clock.now();
    const expires_at = expiryFrom(run_id, ports);
    const token_hash = ports.tokens.digest(token);
    const version = offer.version + 1;
    const lease: Lease = { ...offer, state: "claimed", version, token_hash, claimed_at, expires_at };
    const event = { type: "task_claimed", task_id: offer.task_id, attempt: offer.attempt, expires_at } as const;
    const left = ports.store.leave(run_id, { type: "lease", lease, events: [event] });
    if (!left.ok && left.error.code === "lease_changed") continue;
    if (!left.ok) return left;
    ports.observe(run_id, event);
    ports.notifier.notify(run_id);
    return ok({ token, lease });
  }
  return ok(undefined);
}

async function claimAgain(
  request: ClaimRequest,
  token: string,
  ports: Pick<OrchestratorPorts, "store" | "tokens" | "clock" | "openRepository">,
): Promise<Result<Claimed>> {
  const lease = renewLease(token, ports);
  return lease.ok ? shown({ token, lease: lease.value }, request, ports) : lease;
}

async function shown(
  { token, lease }: Taken,
  request: ClaimRequest,
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<Claimed>> {
  const { run_id, task_id } = lease;
  const found = taskOf(run_id, task_id, ports);
  if (!found.ok) return found;
  const { task, attempts } = found.value;
  const attempt = attempts.find((candidate) => candidate.attempt === lease.attempt);
  const brief = await taskBrief(run_id, task_id, ports);
  if (!brief.ok) return brief;
  const run = ports.store.run(run_id);
  const opened = await ports.openRepository(run?.repository ?? "");
  if (!opened.ok) return opened;
  const { repository, workspaces } = opened.value;
  const listing = { run_id, task_id, scope: task.files, include_content: request.include_content ?? false };
  const files = await scopeFiles({ ...listing, at: attempt?.base ?? run?.base_commit ?? "" }, repository);
  return ok({
    status: "ready",
    claim: {
      lease: token,
      task_id,
      attempt: lease.attempt,
      workspace: workspaces.directoryOf(run_id, `${task_id}/${lease.attempt}`),
      brief: brief.value,
      boundary: { access: task.access, scope: task.files },
      files,
      expires_at: new Date(lease.expires_at ?? 0).toISOString(),
    },
  });
}

/** Waits up to `ms` for workspaces that are being prepared, so that a batch comes whole, in the order of the task list. */
export async function claimBatch(runId: string, core: RunCore, ms: number): Promise<Result<Claim[]>> {
  const end = core.ports.clock.now() + ms;
  const claims: Claim[] = [];
  for (;;) {
    const claimed = await claimTask({ run_id: runId }, core, end - core.ports.clock.now());
    if (!claimed.ok) return claimed;
    if (claimed.value.status !== "ready") return ok(inListOrder(claims, runId, core));
    claims.push(claimed.value.claim);
  }
}

/** Claims in the order of the task list; they were made in the order in which their workspaces were ready. */
function inListOrder(claims: Claim[], runId: string, { ports }: RunCore): Claim[] {
  const tasks = ports.store.artefact(runId, "task_list")?.tasks ?? [];
  const place = new Map(tasks.map((task, index) => [task.id, index]));
  return claims.sort((a, b) => (place.get(a.task_id) ?? 0) - (place.get(b.task_id) ?? 0));
}
