/** One valid value of everything a run store holds, for the tests of run stores. */
import type { Attempt } from "../../src/core/model/attempt.ts";
import type { Conflict, Decision } from "../../src/core/model/conflict.ts";
import type { Event, StoredEvent } from "../../src/core/model/event.ts";
import type { Lease } from "../../src/core/model/lease.ts";
import type { ProcessIdentity } from "../../src/core/model/process-identity.ts";
import type { Run } from "../../src/core/model/run.ts";
import type { ScopeRequest } from "../../src/core/model/scope-request.ts";
import type { Task } from "../../src/core/model/task.ts";
import type { Artefacts } from "../../src/core/ports/run-store.ts";

export const owner: ProcessIdentity = { host: "alpha", pid: 41, start_time: "1001", boot_id: "boot-1" };
export const rival: ProcessIdentity = { ...owner, pid: 42, start_time: "1002" };

export function sampleRun(part: Partial<Run> = {}): Run {
  return {
    run_id: "run-1",
    repository: "/repositories/shop",
    request: "Add a basket: ✓ 'quotes', \"double\" and\nlines",
    base_ref: "main",
    base_commit: "a".repeat(40),
    state: "open",
    settings: {
      max_parallel: 5,
      lease: "30min",
      scope_requests: "grant",
      mode: "batches",
      sandbox: "auto",
      objective: "time",
      pools: { cpu: 2 },
      setup: [["npm", "ci"]],
      copy: [".env"],
      validate: ["unit"],
      squash: false,
      share_packages: true,
      onto: "main",
      culprit_search: { parallel: 2, max_runs: 40 },
      conflict_resolution: "first_wins_with_merge",
      same_file: "sequential",
      merge: {
        granularity: "file",
        adjacent_lines: true,
        candidates: 6,
        minutes: 10,
        mergiraf: false,
        semantic: "review",
        remember: true,
        lock_files: { "package-lock.json": ["npm", "install"] },
      },
      failure_handling: "isolate_and_continue",
      allow_task_commands: false,
      agent: "writer",
      agents: { writer: { command: ["agent", "--brief"], env: ["PATH"], timeout: "30min" } },
      checks: { unit: { command: ["npm", "test"], env: { CI: "1" }, timeout: "10min" } },
    },
    warnings: ["the worktree is dirty"],
    cancel_requested: false,
    epoch: 0,
    created_at: 1_000,
    updated_at: 1_000,
    ...part,
  };
}

export function sampleAttempt(part: Partial<Attempt> = {}): Attempt {
  return {
    task_id: "basket",
    attempt: 1,
    state: "running",
    base: "b".repeat(40),
    boundary: "sandboxed",
    workspace: "/workspaces/run-1/basket-1",
    log_file: "/workspaces/run-1/basket-1.log",
    started_at: 2_000,
    ...part,
  };
}

export function sampleDecision(part: Partial<Decision> = {}): Decision {
  return {
    conflict_id: "c1",
    choice: "ours",
    mode: "100644",
    blob: "c".repeat(40),
    sides: "x",
    decided_at: 3,
    ...part,
  };
}

export function sampleLease(part: Partial<Lease> = {}): Lease {
  return { run_id: "run-1", task_id: "basket", attempt: 1, state: "offered", version: 1, ...part };
}

export function sampleScopeRequest(part: Partial<ScopeRequest> = {}): ScopeRequest {
  return {
    request_id: "scope:basket:1",
    task_id: "basket",
    files: ["src/tax.ts"],
    reason: "the tax is worked out there",
    status: "awaiting_person",
    granted: [],
    refused: [{ path: "src/prices.ts", held_by: "prices", why: "it is in the scope of prices" }],
    asked_at: 7,
    ...part,
  };
}

export function created(request: string): Event {
  return { type: "run_created", request };
}

/** What `events` became, without their numbers, which only have to rise. */
export function unnumbered(events: StoredEvent[]): Omit<StoredEvent, "seq">[] {
  return events.map(({ seq, ...event }) => event);
}

const task: Task = {
  id: "basket",
  description: "Write the basket",
  files: ["src/basket.ts"],
  estimated: "10min",
  estimated_ms: 600_000,
  risk_level: "low",
  category: "creation",
  depends_on: [],
  conflicts_with: [],
  locks: [],
  modifies: [],
  critical: false,
  access: "write",
  checks: [],
  allow_empty: false,
};

const conflict: Conflict = {
  conflict_id: "c1",
  kind: "textual",
  path: "src/basket.ts",
  tasks: ["basket", "prices"],
  ours: { state: "text", mode: "100644", blob: "d".repeat(40), content: "ours\n" },
  theirs: { state: "text", mode: "100644", blob: "e".repeat(40), content: "theirs\n" },
  base: { state: "absent" },
  why: "both tasks created the file",
};

export const artefacts: Artefacts = {
  workflow: {
    workflow: {
      ...{ id: "900_EXAMPLE", name: "example", description: "An example", failure_handling: "stop_and_rollback" },
      ...{ order: "as_given", defaults: {} },
      phases: [
        {
          ...{
            id: "phase_1_look",
            name: "Look",
            access: "read_only",
            instructions: "Look.",
            inputs: [],
            outputs: ["notes"],
          },
          ...{ estimated: "10min", locks: [], allow_empty: false },
        },
      ],
    },
    instances: [{ id: "basket", title: "Basket", request: "Add a basket", issue: { ref: "#7", number: 7 } }],
    ...{ parallel: true, sync_after: null, closes_issues: false },
  },
  workflow_state: { aside: [] },
  knowledge_context: {
    graph: null,
    task_detection: {
      detected_type: null,
      confidence: 0,
      matched_triggers: [],
      ambiguous: false,
      alternatives: [],
      why: "no graph",
    },
    knowledge: {
      status: "missing",
      required: [],
      recommended: [],
      skipped_recommended: [],
      already_loaded: [],
      missing_files: ["a.md"],
      notes: [],
      total_tokens_loaded: 0,
      budget_tokens: 0,
    },
  },
  task_list: {
    tasks: [task],
    boundaries: [{ task_boundary: "basket", access: "write", scope: ["src/basket.ts"] }],
    total_tasks: 1,
    estimated_total_time_sequential: "10min",
    estimated_total_time_sequential_ms: 600_000,
    suggestions: [{ message: "split it", apply: { tasks: ["a", "b"] } }],
  },
  dependency_graph: {
    tasks: { basket: [] },
    conflicts: [["basket", "prices"]],
    locks: { database: ["basket"] },
    independent_tasks: ["basket"],
    critical_path: ["basket"],
    critical_path_ms: 600_000,
    edges: [{ from: "basket", to: "prices", kind: "scope", confidence: 0.9, why: "same file" }],
    coverage: { typescript: "file" },
  },
  execution_plan: {
    mode: "batches",
    objective: "time",
    batches: [
      {
        batch_id: 1,
        parallel: false,
        tasks: ["basket"],
        estimated_time: "10min",
        estimated_time_ms: 600_000,
        sync_after: true,
      },
    ],
    schedule: [{ task_id: "basket", slot: 0, start_ms: 0, end_ms: 600_000 }],
    total_batches: 1,
    max_parallel: 5,
    estimated_parallel_time: "10min",
    estimated_parallel_time_ms: 600_000,
    estimated_sequential_time: "10min",
    estimated_sequential_time_ms: 600_000,
    time_savings: "0s",
    time_savings_ms: 0,
    estimated_speedup: 1,
    lower_bound_ms: 600_000,
    gap: 0,
    bound_by: "critical path",
    optimal: true,
    idle_ms: 2_400_000,
    speedup_ceiling: 1,
    advice: [],
    truncated: false,
    recommendation: "sequential",
    why: "one task",
  },
  batch_log: [
    { batch_id: 1, started_at: 2_000, finished_at: 3_000 },
    { batch_id: 2, started_at: 4_000 },
  ],
  integration: {
    strategy: "manual",
    base: "a".repeat(40),
    tip: "f".repeat(40),
    steps: [
      {
        task_id: "basket",
        source: "b".repeat(40),
        outcome: "partial",
        commit: "f".repeat(40),
        settled: 1,
        merged: [{ path: "src/shop.ts", by: ["git", "imports"] }],
        dropped: [{ task_id: "basket", path: "src/basket.ts", decision: "c1" }],
        conflicts: ["c1"],
        replaced: [],
      },
    ],
    conflicts: [conflict],
    landed: [],
    set_aside: [
      { task_id: "till", source: "c".repeat(40), reason: "culprit", check: "unit", with: ["basket"], output: "red" },
    ],
  },
  verdicts: [
    {
      ...{ tree: "d".repeat(40), sources: ["b".repeat(16)], check: "unit", command: ["npm", "test"] },
      ...{ passed: false, duration_ms: 10, output: "red" },
    },
  ],
  report: {
    workflow: "parallel_orchestration",
    run_id: "run-1",
    tasks_total: 1,
    tasks_succeeded: 1,
    tasks_failed: 0,
    tasks_skipped: 0,
    parallel_efficiency: 1,
    batches_executed: 1,
    conflicts_resolved: 0,
    conflicts_open: ["c1"],
    merges: [{ task_id: "basket", path: "src/shop.ts", by: ["imports"] }],
    final_status: "partial",
    summary: "one conflict is open",
    branch: null,
    commit: "f".repeat(40),
    validation: {
      ...{ checks: [], passed: null, duration_ms: 0, flaky: ["unit"], base_failed: [], runs: 3 },
      culprits: [{ task_id: "till", with: ["basket"], check: "unit", output: "red", repaired: false }],
      set_aside: [{ task_id: "gift", why: "builds on till" }],
    },
    loss: { hunks: 2, accounted: 2, dropped: [] },
    tasks: [{ task_id: "basket", status: "success", attempts: 1, boundary: "verified", error: null }],
    timings: { wall: "1s", wall_ms: 1_000, work: "1s", work_ms: 1_000, validation_ms: 0 },
    cost: { input_tokens: 120, output_tokens: 45, cost_usd: 0.25, attempts_unreported: 1 },
  },
};
