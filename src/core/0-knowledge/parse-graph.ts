/** Phase 0, action 2: read `knowledge_graph.json` strictly; what is no routing table is refused with its place and the cure. */
import { type Failure, failure, type Problem } from "../model/failure.ts";
import { KnowledgeGraph, MAX_GRAPH_BYTES } from "../model/knowledge-graph.ts";
import { err, ok, type Result } from "../model/result.ts";
import { jsonMistake } from "./json-mistake.ts";

const MAX_PROBLEMS = 20;
const MAX_KEYS = 8;
const MAX_KEY_LENGTH = 40;

const ACCEPTED_FORMAT =
  'Accepted is a routing table: {"version": "1.0.0", "task_types": {"<name>": {"description": "…", "primary_agent": "…", ' +
  '"required_knowledge": ["path"], "recommended_knowledge": ["path", "folder/"], "triggers": ["word or phrase"]}}}; ' +
  "`knowledge_categories`, `cross_references`, `auto_inject_rules` and `shared_knowledge` are optional.";

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** Fails with `knowledge_unreadable`: over 5 MB, no JSON, or JSON of another shape. `location` is the file's name for messages. */
export function parseKnowledgeGraph(text: string, location: string): Result<KnowledgeGraph> {
  if (new TextEncoder().encode(text).length > MAX_GRAPH_BYTES) return err(tooLarge(location));
  const json = parseJson(text.replace(/^\uFEFF/, ""));
  if (!json.ok) return err(noJson(location, json.error));
  const graph = KnowledgeGraph.safeParse(json.value);
  return graph.success ? ok(graph.data) : err(wrongShape(location, json.value, graph.error.issues));
}

function parseJson(text: string): Result<unknown, string> {
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch {
    const mistake = jsonMistake(text);
    if (mistake === undefined) return err("the parser refuses it");
    const { line, column, found, expected } = mistake;
    return err(`line ${line}, column ${column} has ${found} where ${expected} belongs`);
  }
}

function tooLarge(location: string): Failure {
  const limit = `${MAX_GRAPH_BYTES / 1024 / 1024} MB`;
  return failure(
    "knowledge_unreadable",
    `${location}: the knowledge graph is over ${limit}`,
    "A graph only routes to files: keep their contents in the files and list the paths.",
  );
}

function noJson(location: string, mistake: string): Failure {
  return failure("knowledge_unreadable", `${location}: no JSON: ${mistake}`, `Correct that place. ${ACCEPTED_FORMAT}`);
}

function wrongShape(location: string, json: unknown, issues: Issue[]): Failure {
  const problems = issues.slice(0, MAX_PROBLEMS).map(problemOf);
  const first = problems[0];
  const place = first?.field === undefined ? "" : `${first.field}: `;
  const message = `${location}: no routing table of task types: ${place}${first?.message ?? "unknown shape"}; ${keysOf(json)}`;
  return { ...failure("knowledge_unreadable", message, ACCEPTED_FORMAT), problems };
}

function problemOf(issue: Issue): Problem {
  const field = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  const fix = "Write this place as the accepted format shows it.";
  return { field: field.replace(/^\./, "") || "(top level)", code: "wrong_shape", message: issue.message, fix };
}

function keysOf(json: unknown): string {
  if (Array.isArray(json)) return "the file is a list";
  if (typeof json !== "object" || json === null) return "the file is a single value";
  const keys = Object.keys(json);
  const listed = keys.slice(0, MAX_KEYS).map((key) => JSON.stringify(key.slice(0, MAX_KEY_LENGTH)));
  return `the file has ${listed.join(", ") || "no keys"}${keys.length > MAX_KEYS ? ", …" : ""}`;
}
