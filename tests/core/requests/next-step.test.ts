/** The next step, by where a run stands and by what a client has in hand; the same one as a call and as a command. */
import { describe, expect, test } from "vitest";
import { stepCommand } from "../../../src/cli/step-command.ts";
import { PHASES } from "../../../src/core/model/phase.ts";
import { RunState } from "../../../src/core/model/run.ts";
import { afterVerdict, nextDecision, nextStep, type Standing, workStep } from "../../../src/core/requests/next-step.ts";

function standing(part: Partial<Omit<Standing, "run">> & { run?: Partial<Standing["run"]> } = {}): Standing {
  const { run, ...rest } = part;
  const idle = { state: "open", isWorking: false, attempts: [], undecided: [], hasAmendments: false } as const;
  return {
    ...idle,
    hasOffers: false,
    extraAttempts: [],
    ...rest,
    run: { run_id: "r", request: "Change everything", ...run },
  };
}

/** The call in short: the tool, and what it is given besides the run. */
function call(part: Parameters<typeof standing>[0]): string | undefined {
  const step = nextStep(standing(part));
  if (step === undefined) return undefined;
  const { run_id, ...rest } = step.arguments;
  expect(run_id).toBe("r");
  return [step.tool, ...Object.values(rest)].join(" ");
}

test("names the task that is offered to a client, instead of a wait that would never end", () => {
  expect(call({ state: "executing", hasOffers: true })).toBe("claim_task");
});

describe("the step after a phase", () => {
  test.each([
    [undefined, "decompose_work Change everything"],
    ["phase_0_knowledge", "decompose_work Change everything"],
    ["phase_1_decompose", "analyze_dependencies"],
    ["phase_2_dependency", "plan_batches"],
    ["phase_3_batch", "execute_batch all"],
    ["phase_4_execute", "aggregate_results"],
    ["phase_5_aggregate", "aggregate_results"],
  ] as const)("%s: %s", (phase, expected) => {
    expect(call({ run: { phase } })).toBe(expected);
  });

  test("goes on as far as the run was asked to, once an agent has started", () => {
    const begun = { attempts: [{}], run: { phase: "phase_3_batch" } } as const;
    expect(call(begun)).toBe("execute_batch");
    expect(call({ ...begun, state: "paused", run: { ...begun.run, all_batches: true } })).toBe("execute_batch all");
    expect(call({ ...begun, state: "interrupted" })).toBe("execute_batch");
  });

  test("executes tasks that were added at the end before it aggregates", () => {
    expect(call({ attempts: [{}], hasAmendments: true, run: { phase: "phase_4_execute" } })).toBe("execute_batch");
  });
});

describe("the step in every state", () => {
  test("is to wait while the run works, also while its process is only leaving", () => {
    expect(call({ state: "executing", isWorking: true })).toBe("get_run results");
    expect(call({ state: "aggregating", isWorking: true })).toBe("get_run report");
    expect(call({ state: "complete", isWorking: true })).toBe("get_run report");
  });

  test("is the first open question while a person has to decide, without a choice; then the run goes on", () => {
    const decide = { tool: "resolve_conflict", arguments: { run_id: "r", conflict_id: "b:a.txt" } };
    const owed = standing({ state: "awaiting_review", undecided: ["b:a.txt", "scope:a:1"] });
    expect(nextStep(owed)).toEqual({ ...decide, why: expect.stringContaining("the user decides") });
    expect(nextDecision({ ...owed, state: "executing" })).toMatchObject(decide);
    expect(call({ state: "awaiting_review" })).toBe("execute_batch all");
    expect(nextDecision(standing())).toBeUndefined();
  });

  test("is none when the run has ended", () => {
    expect(["complete", "failed", "cancelled"].map((state) => call({ state: RunState.parse(state) }))).toEqual(
      Array(3).fill(undefined),
    );
  });
});

test("a client makes the extra attempt of its culprits once the run has its report, unless it was cancelled", () => {
  expect(call({ state: "complete", extraAttempts: ["b"] })).toBe("execute_batch all");
  expect(call({ state: "cancelled", extraAttempts: ["b"] })).toBeUndefined();
});

test("a client follows its claims, and takes the next task after a verdict", () => {
  const claim = {
    ...{ lease: "L", task_id: "a", attempt: 1, workspace: "/w", brief: "", files: [], expires_at: "" },
    boundary: { access: "write" as const, scope: [] },
  };
  expect(workStep([])).toBeUndefined();
  expect(workStep([claim, claim])).toMatchObject({ tool: "submit_task", arguments: { lease: "L", outcome: "done" } });
  const verdict = { run_id: "r", task_id: "a", attempt: 1, attempts_left: 1, violations: [] };
  expect(afterVerdict({ ...verdict, status: "rejected" }).arguments).toEqual({ run_id: "r", task_id: "a" });
  expect(afterVerdict({ ...verdict, status: "accepted" }).arguments).toEqual({ run_id: "r" });
  expect(afterVerdict({ ...verdict, status: "checking" }).tool).toBe("get_run");
});

test("every step of a run with tasks is a command too", () => {
  const commands = PHASES.slice(1).map((phase) => stepCommand("r", nextStep(standing({ run: { phase } }))));
  expect(commands).toEqual(Array(5).fill(["forkjoin resume r"]));
  const review = standing({ state: "awaiting_review", undecided: ["b:a.txt"] });
  expect(stepCommand("r", nextStep(review))).toEqual(["forkjoin resolve r"]);
  expect(stepCommand("r", nextStep(standing({ state: "executing" })))).toEqual(["forkjoin status r"]);
  expect([stepCommand("r", undefined), stepCommand("r", nextStep(standing()))]).toEqual([[], []]);
});
