/** `knowledge_graph.json`: a routing table from task types to the files to read first. Unknown keys are kept out, unknown types are no error. */
import { z } from "zod";

export const MAX_GRAPH_BYTES: number = 5 * 1024 * 1024;

const everyone = z.union([z.array(z.string()), z.literal("ALL")]);

export const TaskType = z.object({
  description: z.string().default(""),
  primary_agent: z.string().optional(),
  required_knowledge: z.array(z.string()).default([]),
  recommended_knowledge: z.array(z.string()).default([]),
  triggers: z.array(z.string()).default([]),
  estimated_tokens: z.number().optional(),
});
export type TaskType = z.infer<typeof TaskType>;

export const KnowledgeCategory = z.object({
  description: z.string().default(""),
  source_agent: z.string().optional(),
  base_path: z.string().default(""),
  files: z.array(z.string()).default([]),
  consumers: everyone.default([]),
  tags: z.array(z.string()).default([]),
});
export type KnowledgeCategory = z.infer<typeof KnowledgeCategory>;

export const InjectRule = z.object({
  condition: z.string(),
  inject: z.string(),
  priority: z.enum(["required", "recommended"]).default("recommended"),
});
export type InjectRule = z.infer<typeof InjectRule>;

export const KnowledgeGraph = z.object({
  version: z.string().default("unknown"),
  description: z.string().default(""),
  task_types: z.record(z.string(), TaskType),
  knowledge_categories: z.record(z.string(), KnowledgeCategory).default({}),
  cross_references: z
    .record(
      z.string(),
      z.object({ depends_on: z.array(z.string()).default([]), knowledge_needed: z.array(z.string()).default([]) }),
    )
    .default({}),
  auto_inject_rules: z.array(InjectRule).default([]),
  shared_knowledge: z
    .record(z.string(), z.object({ description: z.string().default(""), agents: everyone.default([]) }))
    .default({}),
});
export type KnowledgeGraph = z.infer<typeof KnowledgeGraph>;
