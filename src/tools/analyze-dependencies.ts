/** Phase 2 as a tool. */
import { z } from "zod";
import { DependencyGraph, OrderingKind, SameFile } from "../core/model/dependency-graph.ts";
import { ok } from "../core/model/result.ts";
import { defineTool, nextOf, RUN_ID } from "./define-tool.ts";

export const analyzeDependencies = defineTool({
  name: "analyze_dependencies",
  title: "Analyze dependencies",
  description:
    "Phase 2: what waits for what, as declared and as the code says, what never runs side by side, the critical path.",
  input: z.object({
    run_id: RUN_ID,
    evidence: z.array(OrderingKind).optional().describe("what makes tasks wait; default declared, symbol"),
    same_file: SameFile.optional().describe("optimistic: overlapping scopes run side by side, the merge decides"),
  }),
  output: DependencyGraph,
  readOnly: true,
  async run({ run_id, same_file, evidence }, { orchestrator }) {
    const graph = await orchestrator.analyze(run_id, same_file, evidence);
    if (!graph.ok) return graph;
    const { conflicts, independent_tasks, critical_path } = graph.value;
    const summary = `${independent_tasks.length} tasks can start at once, ${conflicts.length} pairs never run side by side, longest chain: ${critical_path.join(" → ")}`;
    const next = nextOf(orchestrator, run_id);
    return ok({ summary, run_id, phase: "phase_2_dependency" as const, next, ...graph.value });
  },
});
