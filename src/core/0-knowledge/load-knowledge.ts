/** Phase 0: detect the task type, read its required and (budget permitting) recommended files, and keep it all as `$knowledge_context`. */
import { failure } from "../model/failure.ts";
import type { KnowledgeContext, TaskDetection } from "../model/knowledge-context.ts";
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { KnowledgeSource } from "../ports/knowledge-source.ts";
import { agentKnowledge } from "./agent-knowledge.ts";
import { type Collected, collectFiles } from "./collect-files.ts";
import { type DetectionRequest, detectTaskType } from "./detect-task-type.ts";
import { type Fitted, fitBudget } from "./fit-budget.ts";
import { injectRules } from "./inject-rules.ts";
import { parseKnowledgeGraph } from "./parse-graph.ts";

const DEFAULT_BUDGET = 100_000;
const LARGE_CONTEXT = 50_000;

export interface KnowledgeRequest extends DetectionRequest {
  /** tokens for all files together; required files are loaded even beyond it */
  budget_tokens?: number | undefined;
  /** paths that an earlier call of the same run loaded */
  loaded?: string[] | undefined;
}

/**
 * Fails only when a graph exists and cannot be read, or the budget is no whole number from 0. No graph, no fitting task type
 * and missing files are answers: `status` is `missing` (nothing to load was found), `partial` (a required file is absent) or
 * `complete`.
 */
export async function loadKnowledge(
  asked: KnowledgeRequest,
  source: KnowledgeSource,
): Promise<Result<KnowledgeContext>> {
  const budget = asked.budget_tokens ?? DEFAULT_BUDGET;
  if (!Number.isSafeInteger(budget) || budget < 0) return err(wrongBudget(budget));
  const found = await source.graph();
  if (!found.ok) return found;
  if (found.value === undefined) return ok(withoutGraph(budget));
  const graph = parseKnowledgeGraph(found.value.text, found.value.location);
  if (!graph.ok) return graph;
  const detection = detectTaskType(asked, graph.value);
  const empty = emptyContext(found.value.location, detection, budget);
  return ok(await fill(empty, { graph: graph.value, loaded: asked.loaded ?? [] }, source));
}

function wrongBudget(budget: number): ReturnType<typeof failure> {
  const hint = `Give a whole number of tokens from 0, or leave it out for ${DEFAULT_BUDGET}.`;
  return failure("invalid_input", `budget_tokens is ${budget}`, hint);
}

function withoutGraph(budget: number): KnowledgeContext {
  const why =
    "there is no knowledge graph; put a knowledge_graph.json into a knowledge root, or name one as knowledge.graph in the configuration";
  const nothing = { detected_type: null, confidence: 0, matched_triggers: [], ambiguous: false, alternatives: [] };
  return emptyContext(null, { ...nothing, why }, budget);
}

function emptyContext(graph: string | null, detection: TaskDetection, budget_tokens: number): KnowledgeContext {
  const lists = { required: [], recommended: [], skipped_recommended: [], already_loaded: [], missing_files: [] };
  const notes = [`No knowledge was loaded: ${detection.why}.`, "The work can go on without it."];
  return {
    graph,
    task_detection: detection,
    knowledge: { status: "missing", ...lists, notes, total_tokens_loaded: 0, budget_tokens },
  };
}

/** `empty` itself when no task type was detected. */
async function fill(
  empty: KnowledgeContext,
  { graph, loaded }: { graph: KnowledgeGraph; loaded: string[] },
  source: KnowledgeSource,
): Promise<KnowledgeContext> {
  const { detected_type, primary_agent } = empty.task_detection;
  const type = detected_type === null ? undefined : graph.task_types[detected_type];
  if (detected_type === null || type === undefined) return empty;
  const injection = injectRules(graph, { task_type: detected_type, primary_agent });
  const agent = agentKnowledge(graph, primary_agent);
  const own = (list: string[], kind: string) =>
    list.map((path) => ({ path, reason: `${kind} by the task type ${JSON.stringify(detected_type)}` }));
  const before = new Set(loaded);
  const seen = new Set<string>();
  const required = [...own(type.required_knowledge, "required"), ...injection.required];
  const recommended = [
    ...own(type.recommended_knowledge, "recommended"),
    ...injection.recommended,
    ...agent.recommended,
  ];
  const needed = withoutLoaded(await collectFiles(required, source, seen), before);
  const offered = withoutLoaded(await collectFiles(recommended, source, seen), before);
  const { budget_tokens } = empty.knowledge;
  const budget = { budget_tokens, used_tokens: sumTokens(needed.files) };
  const fitted = fitBudget(offered.files, budget);
  const notes = [...injection.notes, ...agent.notes];
  return { ...empty, knowledge: knowledgeOf({ needed, offered, fitted, notes }, { budget_tokens, loaded }) };
}

interface Loaded {
  needed: Collected;
  offered: Collected;
  fitted: Fitted;
  notes: string[];
}

/** Knowledge of the run's context after this call: files loaded earlier stay on the list, whatever this call asked for. */
function knowledgeOf(
  { needed, offered, fitted, notes }: Loaded,
  { budget_tokens, loaded }: { budget_tokens: number; loaded: string[] },
): KnowledgeContext["knowledge"] {
  const total = sumTokens(needed.files) + sumTokens(fitted.loaded);
  const missing_files = needed.absent.map(({ path }) => path);
  const skipped = [...fitted.skipped, ...offered.absent.filter(({ path }) => !missing_files.includes(path))];
  return {
    status: needed.absent.length === 0 ? "complete" : "partial",
    required: needed.files,
    recommended: fitted.loaded,
    skipped_recommended: skipped.sort((a, b) => (a.path < b.path ? -1 : 1)),
    already_loaded: loaded,
    missing_files,
    notes: [...needed.absent.map(missingNote), ...notes, ...sizeNotes(total, budget_tokens)],
    total_tokens_loaded: total,
    budget_tokens,
  };
}

function withoutLoaded({ files, absent }: Collected, loaded: Set<string>): Collected {
  return { files: files.filter(({ path }) => !loaded.has(path)), absent };
}

function missingNote({ path, reason }: { path: string; reason: string }): string {
  return `required ${JSON.stringify(path)} is missing: ${reason}`;
}

function sizeNotes(total: number, budget: number): string[] {
  if (total > budget)
    return [`required files alone take ${total} tokens, over the budget of ${budget}; no recommended file was loaded`];
  return total > LARGE_CONTEXT ? [`${total} tokens were loaded, a large part of a context window`] : [];
}

function sumTokens(files: { tokens: number }[]): number {
  return files.reduce((sum, { tokens }) => sum + tokens, 0);
}
