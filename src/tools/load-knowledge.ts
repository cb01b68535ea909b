/** Phase 0 as a tool. */
import { z } from "zod";
import { KnowledgeContext } from "../core/model/knowledge-context.ts";
import { ok } from "../core/model/result.ts";
import { pathProblem } from "../core/model/scope-pattern.ts";
import { defineTool, nextOf } from "./define-tool.ts";

export const loadKnowledge = defineTool({
  name: "load_knowledge",
  title: "Load knowledge",
  description:
    "Phase 0 (optional): find the request's task type in knowledge_graph.json and the files to read first. Without run_id begins a run.",
  input: z.object({
    request: z.string().min(1).max(20_000),
    run_id: z.string().optional(),
    repo: z.string().optional().describe("default: the server's"),
    task_type: z.string().max(200).optional().describe("overrides detection"),
    graph: z
      .string()
      .refine((path) => pathProblem(path) === undefined, "must be a path inside the repository")
      .optional(),
    budget_tokens: z.number().int().min(0).optional(),
  }),
  output: KnowledgeContext,
  readOnly: true,
  async run({ request, run_id, repo, task_type, graph, budget_tokens }, { orchestrator, defaultRepository }) {
    const knowledge = { request, task_type, budget_tokens };
    const loaded = await orchestrator.loadKnowledge({
      request,
      run_id,
      repo: repo ?? defaultRepository,
      knowledge,
      graph,
    });
    if (!loaded.ok) return loaded;
    const { run, context } = loaded.value;
    const { knowledge: found, task_detection } = context;
    const files = found.required.length + found.recommended.length;
    const type = task_detection.detected_type ?? `no task type (${task_detection.why})`;
    const summary = `${type}: ${files} files, ${found.total_tokens_loaded} tokens, knowledge ${found.status}`;
    const next = nextOf(orchestrator, run.run_id);
    return ok({ summary, run_id: run.run_id, phase: "phase_0_knowledge" as const, next, ...context });
  },
});
