/** Runs and knowledge as MCP resources: everything here is also reachable through a tool. */
import { failure } from "../core/model/failure.ts";
import type { KnowledgeGraph } from "../core/model/knowledge-graph.ts";
import { GRAPH_FORMATS, PICTURE_FORMATS } from "../core/model/picture-format.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import type { RunView } from "../core/orchestrator.ts";
import type { ServerParts } from "./server-parts.ts";

export interface Content {
  uri: string;
  mimeType: string;
  text: string;
}

const ARTIFACTS = ["task-list", "dependency-graph", "execution-plan", "batch-results", "report"] as const;
const TASK_PARTS = ["brief", "diff", "log"] as const;
const RECENT = 10;
const PICTURE_DESCRIPTION = `The plan of a run as a chart: ${PICTURE_FORMATS.join(", ")}`;
const GRAPH_DESCRIPTION = `The dependency graph of a run for a diagram: ${GRAPH_FORMATS.join(", ")}`;

export const templates = [
  template("knowledge://task-types/{task_type}", "task-type", "A task type: its triggers and the files it needs"),
  template("knowledge://files/{+path}", "knowledge-file", "A knowledge file", "text/plain"),
  template("run://{run_id}", "run", "A run: state and progress"),
  template("run://{run_id}/dependency-graph/{format}", "run-graph", GRAPH_DESCRIPTION, "text/plain"),
  template("run://{run_id}/execution-plan/{picture}", "run-plan", PICTURE_DESCRIPTION, "image/svg+xml"),
  template("run://{run_id}/{artifact}", "run-artifact", `An artefact of a run: ${ARTIFACTS.join(", ")}`),
  template(
    "run://{run_id}/tasks/{task_id}/{part}",
    "run-task",
    `A task of a run: ${TASK_PARTS.join(", ")}`,
    "text/plain",
  ),
  template(
    "run://{run_id}/tasks/{task_id}/files/{+path}",
    "run-task-file",
    "A file as the task finds or left it",
    "text/plain",
  ),
];

function template(uriTemplate: string, name: string, description: string, mimeType = "application/json") {
  return { uriTemplate, name, description, mimeType };
}

/** The graph, where there is one, and the newest runs. */
export async function listResources(parts: ServerParts): Promise<{ uri: string; name: string; mimeType: string }[]> {
  const mimeType = "application/json";
  const graph = [{ uri: "knowledge://graph", name: "knowledge graph", mimeType }];
  const known = (await knowledgeOf(parts).hasGraph()) ? graph : [];
  const runs = parts.orchestrator.runs(RECENT).map(({ run_id }) => {
    return { uri: `run://${run_id}`, name: `run ${run_id}`, mimeType };
  });
  return [...known, ...runs];
}

export async function readResource(uri: string, parts: ServerParts): Promise<Result<Content>> {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.*)$/.exec(uri) ?? [];
  if (scheme === "knowledge") return readKnowledge(uri, rest, parts);
  if (scheme === "run") return readRun(uri, rest.split("/").map(decode), parts);
  return err(
    failure("invalid_input", `${uri} is no resource of this server`, "resources begin with knowledge:// or run://"),
  );
}

/** Values for a template's variable that begin with what was typed. */
export async function completeVariable(
  variable: string,
  typed: string,
  { parts, given }: { parts: ServerParts; given: Record<string, string> },
): Promise<string[]> {
  const values = await valuesOf(variable, parts, given);
  return values.filter((value) => value.startsWith(typed)).slice(0, 100);
}

async function valuesOf(variable: string, parts: ServerParts, given: Record<string, string>): Promise<string[]> {
  const { orchestrator } = parts;
  const graph = async (): Promise<KnowledgeGraph | undefined> => {
    const loaded = await loadGraph(parts);
    return loaded.ok ? loaded.value : undefined;
  };
  switch (variable) {
    case "run_id":
      return orchestrator.runs(100).map(({ run_id }) => run_id);
    case "artifact":
      return [...ARTIFACTS];
    case "format":
      return [...GRAPH_FORMATS];
    case "picture":
      return [...PICTURE_FORMATS];
    case "part":
      return [...TASK_PARTS];
    case "task_id": {
      const view = orchestrator.view(given.run_id ?? "");
      return view.ok ? (view.value.list?.tasks ?? []).map((task) => task.id) : [];
    }
    case "task_type":
      return Object.keys((await graph())?.task_types ?? {});
    case "path": {
      const types = Object.values((await graph())?.task_types ?? {});
      return [...new Set(types.flatMap((type) => [...type.required_knowledge, ...type.recommended_knowledge]))].sort();
    }
    default:
      return [];
  }
}

function knowledgeOf({ orchestrator, defaultRepository }: ServerParts) {
  return orchestrator.sources.knowledge(defaultRepository);
}

async function loadGraph(parts: ServerParts): Promise<Result<KnowledgeGraph>> {
  const found = await knowledgeOf(parts).graph();
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(found.value.graph);
  const hint = "put a knowledge_graph.json into the repository, or name one in the configuration";
  return err(failure("knowledge_unreadable", "there is no knowledge graph", hint));
}

async function readKnowledge(uri: string, rest: string, parts: ServerParts): Promise<Result<Content>> {
  if (rest.startsWith("files/")) return readKnowledgeFile(uri, decode(rest.slice("files/".length)), parts);
  const graph = await loadGraph(parts);
  if (!graph.ok) return graph;
  if (rest === "graph") return ok(json(uri, graph.value));
  const name = decode(rest.replace(/^task-types\//, ""));
  const type = Object.hasOwn(graph.value.task_types, name) ? graph.value.task_types[name] : undefined;
  if (type !== undefined && rest.startsWith("task-types/")) return ok(json(uri, { task_type: name, ...type }));
  const known = Object.keys(graph.value.task_types).join(", ");
  return err(failure("invalid_input", `${uri} is no knowledge resource`, `known task types: ${known}`));
}

async function readKnowledgeFile(uri: string, path: string, parts: ServerParts): Promise<Result<Content>> {
  const text = await knowledgeOf(parts).file(path);
  if (text !== undefined) return ok({ uri, mimeType: "text/plain", text });
  return err(failure("invalid_input", `${path} is not in the knowledge folders`, "take paths from load_knowledge"));
}

async function readRun(uri: string, [runId = "", ...rest]: string[], parts: ServerParts): Promise<Result<Content>> {
  const found = parts.orchestrator.view(runId);
  if (!found.ok) return found;
  const view = found.value;
  const [kind, name, part, ...path] = rest;
  if (kind === "tasks" && name !== undefined) {
    if (part === "files" && path.length > 0) return asText(uri, await view.file(name, path.join("/")), "text/plain");
    return readTask(uri, { view, taskId: name, part: part ?? "" }, parts);
  }
  const drawn = kind === undefined || name === undefined ? undefined : drawing(view, kind, name);
  if (drawn !== undefined) return ok({ uri, ...drawn });
  if (kind === undefined) return ok(json(uri, await overview(view)));
  const artefact = await artefactOf(view, kind);
  if (artefact !== undefined) return ok(json(uri, artefact));
  const there: string[] = [];
  for (const known of ARTIFACTS) if ((await artefactOf(view, known)) !== undefined) there.push(known);
  return err(failure("invalid_input", `run ${runId} has no ${kind}`, `it has: ${there.join(", ") || "nothing yet"}`));
}

async function artefactOf(view: RunView, kind: string): Promise<unknown> {
  switch (ARTIFACTS.find((known) => known === kind)) {
    case "task-list":
      return view.list;
    case "dependency-graph":
      return view.graph;
    case "execution-plan":
      return view.plan;
    case "batch-results": {
      const results = await view.results();
      return results.ok ? results.value : undefined;
    }
    case "report":
      return view.report;
    case undefined:
      return undefined;
  }
}

/** An artefact in a format for diagrams; undefined where it is not there, or not drawn in that format. */
function drawing(view: RunView, kind: string, name: string): Omit<Content, "uri"> | undefined {
  const format = kind === "dependency-graph" ? GRAPH_FORMATS.find((known) => known === name) : undefined;
  const picture = kind === "execution-plan" ? PICTURE_FORMATS.find((known) => known === name) : undefined;
  const text = format === undefined ? picture && view.picture(picture) : view.graphText(format);
  if (text === undefined) return undefined;
  return { mimeType: picture === "svg" ? "image/svg+xml" : "text/plain", text };
}

async function overview(view: RunView): Promise<Record<string, unknown>> {
  const { settings: _, ...shown } = view.run;
  const progress = await view.progress();
  return { ...shown, state: view.state, progress: progress.ok ? progress.value : undefined };
}

async function readTask(
  uri: string,
  { view, taskId, part }: { view: RunView; taskId: string; part: string },
  parts: ServerParts,
): Promise<Result<Content>> {
  const found = view.task(taskId);
  if (!found.ok) return found;
  if (part === "brief") return asText(uri, await view.brief(taskId), "text/markdown");
  if (part === "diff") return asText(uri, await view.diff(taskId), "text/x-diff");
  if (part === "log") {
    const last = found.value.attempts.at(-1);
    return asText(uri, ok(last === undefined ? "" : await parts.readLog(last.log_file)), "text/plain");
  }
  return err(failure("invalid_input", `a task has no ${JSON.stringify(part)}`, `it has: ${TASK_PARTS.join(", ")}`));
}

function asText(uri: string, result: Result<string>, mimeType: string): Result<Content> {
  return result.ok ? ok({ uri, mimeType, text: result.value }) : result;
}

function json(uri: string, value: unknown): Content {
  return { uri, mimeType: "application/json", text: JSON.stringify(value, null, 2) };
}

/** A part of a URI as text; what is no percent-encoding stands for itself. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
