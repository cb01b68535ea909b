/** `$knowledge_context`: what phase 0 found out and loaded, and what it could not. */
import { z } from "zod";

export const TaskDetection = z.object({
  detected_type: z.string().nullable(),
  confidence: z.number().min(0).max(1),
  matched_triggers: z.array(z.string()),
  /** true when several types fit equally well and none was chosen */
  ambiguous: z.boolean(),
  alternatives: z.array(
    z.object({ task_type: z.string(), confidence: z.number(), matched_triggers: z.array(z.string()) }),
  ),
  primary_agent: z.string().optional(),
  why: z.string(),
});
export type TaskDetection = z.infer<typeof TaskDetection>;

export const KnowledgeFile = z.object({
  path: z.string(),
  uri: z.string(),
  size_bytes: z.number().int(),
  tokens: z.number().int(),
  /** why it was loaded: the task type's own list, or the rule that injected it */
  reason: z.string(),
});
export type KnowledgeFile = z.infer<typeof KnowledgeFile>;

export const KnowledgeContext = z.object({
  graph: z.string().nullable(),
  task_detection: TaskDetection,
  knowledge: z.object({
    status: z.enum(["complete", "partial", "missing"]),
    required: z.array(KnowledgeFile),
    recommended: z.array(KnowledgeFile),
    skipped_recommended: z.array(z.object({ path: z.string(), reason: z.string() })),
    /** wanted again and loaded earlier in this run: nothing to read */
    already_loaded: z.array(z.string()).default([]),
    missing_files: z.array(z.string()),
    notes: z.array(z.string()),
    total_tokens_loaded: z.number().int(),
    budget_tokens: z.number().int(),
  }),
});
export type KnowledgeContext = z.infer<typeof KnowledgeContext>;
