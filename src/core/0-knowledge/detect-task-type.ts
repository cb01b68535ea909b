/** Phase 0, action 1: detect the task type from the request; doubt is reported, never settled by a guess. */
import type { TaskDetection } from "../model/knowledge-context.ts";
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import { containsPhrase, foldText } from "./contains-phrase.ts";

const THRESHOLD = 0.5;
const MAX_NAMES = 40;

type Candidate = TaskDetection["alternatives"][number];

export interface DetectionRequest {
  request: string;
  task_type?: string | undefined;
}

/**
 * An explicit `task_type` wins. Otherwise each trigger found counts as many points as it has words, and a type's confidence is
 * its points / (1 + the points of all types): at 0.5 a type has more than all others together. The request's length plays no part.
 */
export function detectTaskType(asked: DetectionRequest, graph: KnowledgeGraph): TaskDetection {
  const candidates = rankCandidates(asked.request, graph);
  if (asked.task_type !== undefined) return explicitType(asked.task_type, graph, candidates);
  const [best, second] = candidates;
  if (best === undefined) return undecided(`no trigger of any task type occurs in the request; ${nextStep(graph)}`, []);
  if (best.confidence === second?.confidence) {
    const tied = candidates
      .filter((candidate) => candidate.confidence === best.confidence)
      .map((each) => each.task_type);
    const why = `${tied.join(", ")} fit equally well (confidence ${best.confidence}); ${nextStep(graph)}`;
    return { ...undecided(why, candidates), ambiguous: true };
  }
  if (best.confidence < THRESHOLD) {
    const why = `${best.task_type} fits best, but its confidence ${best.confidence} is under ${THRESHOLD}; ${nextStep(graph)}`;
    return undecided(why, candidates);
  }
  const why = `the request contains ${best.matched_triggers.map((trigger) => JSON.stringify(trigger)).join(", ")}`;
  return { ...decided(best, graph), alternatives: candidates.slice(1), why };
}

function explicitType(type: string, graph: KnowledgeGraph, candidates: Candidate[]): TaskDetection {
  if (!Object.hasOwn(graph.task_types, type)) {
    return undecided(`the graph has no task type ${JSON.stringify(type)}; ${nextStep(graph)}`, candidates);
  }
  const named = { task_type: type, confidence: 1, matched_triggers: [] };
  return { ...decided(named, graph), why: "the caller named this task type" };
}

function decided(chosen: Candidate, graph: KnowledgeGraph): Omit<TaskDetection, "why"> {
  const agent = graph.task_types[chosen.task_type]?.primary_agent;
  return {
    detected_type: chosen.task_type,
    confidence: chosen.confidence,
    matched_triggers: chosen.matched_triggers,
    ambiguous: false,
    alternatives: [],
    ...(agent === undefined ? {} : { primary_agent: agent }),
  };
}

function undecided(why: string, alternatives: Candidate[]): TaskDetection {
  return { detected_type: null, confidence: 0, matched_triggers: [], ambiguous: false, alternatives, why };
}

function nextStep(graph: KnowledgeGraph): string {
  const names = Object.keys(graph.task_types).toSorted();
  if (names.length === 0) return "the graph lists no task types";
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return `name one as task_type; known: ${names.slice(0, MAX_NAMES).join(", ")}${rest}`;
}

/** Every type with at least one trigger in the request, the most confident first, then by name. */
function rankCandidates(request: string, graph: KnowledgeGraph): Candidate[] {
  const text = foldText(request);
  const scored = Object.entries(graph.task_types)
    .map(([task_type, { triggers }]) => ({ task_type, ...matchTriggers(text, triggers) }))
    .filter(({ points }) => points > 0);
  const total = scored.reduce((sum, { points }) => sum + points, 0);
  return scored
    .map(({ task_type, points, matched_triggers }) => {
      return { task_type, confidence: Math.round((points / (1 + total)) * 1000) / 1000, matched_triggers };
    })
    .sort((a, b) => b.confidence - a.confidence || (a.task_type < b.task_type ? -1 : 1));
}

function matchTriggers(text: string, triggers: string[]): { points: number; matched_triggers: string[] } {
  const byFoldedText = new Map<string, string>();
  for (const trigger of triggers.toSorted()) byFoldedText.set(foldText(trigger), trigger);
  const hits = [...byFoldedText].filter(([folded]) => containsPhrase(text, folded));
  const points = hits.reduce((sum, [folded]) => sum + folded.split(" ").length, 0);
  return { points, matched_triggers: hits.map(([, trigger]) => trigger).toSorted() };
}
