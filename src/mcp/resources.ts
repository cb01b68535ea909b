/** Runs and knowledge as MCP resources: everything here is also reachable through a tool. */
import { parseKnowledgeGraph } from "../core/0-knowledge/parse-graph.ts";
import { GRAPH_FORMATS, graphText } from "../core/2-dependency/graph-text.ts";
import { PICTURE_FORMATS, planPicture } from "../core/3-batch/gantt/plan-picture.ts";
import { failure } from "../core/model/failure.ts";
import type { KnowledgeGraph } from "../core/model/knowledge-graph.ts";
import { err, ok, type Result } from "../core/model/result.ts";
import { taskFile } from "../core/requests/scope-files.ts";
import { taskBrief, taskDiff, taskOf } from "../core/requests/task-views.ts";
import { unknownRun } from "../core/run/run-session.ts";
import { progressOf, resultsOf, stateOf } from "../core/run/run-status.ts";
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
  const graph = await source(parts).graph();
  const mimeType = "application/json";
  const known =
    graph.ok && graph.value !== undefined ? [{ uri: "knowledge://graph", name: "knowledge graph", mimeType }] : [];
  const runs = parts.orchestrator.ports.store.runs(RECENT).map((run) => {
    return { uri: `run://${run.run_id}`, name: `run ${run.run_id}`, mimeType };
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
  const { store } = parts.orchestrator.ports;
  const graph = async (): Promise<KnowledgeGraph | undefined> => {
    const loaded = await loadGraph(parts);
    return loaded.ok ? loaded.value : undefined;
  };
  switch (variable) {
    case "run_id":
      return store.runs(100).map((run) => run.run_id);
    case "artifact":
      return [...ARTIFACTS];
    case "format":
      return [...GRAPH_FORMATS];
    case "picture":
      return [...PICTURE_FORMATS];
    case "part":
      return [...TASK_PARTS];
    case "task_id":
      return store.artefact(given.run_id ?? "", "task_list")?.tasks.map((task) => task.id) ?? [];
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

function source({ orchestrator, defaultRepository }: ServerParts) {
  return orchestrator.ports.knowledgeSource(defaultRepository);
}

async function loadGraph(parts: ServerParts): Promise<Result<KnowledgeGraph>> {
  const found = await source(parts).graph();
  if (!found.ok) return found;
  if (found.value === undefined) {
    const hint = "put a knowledge_graph.json into the repository, or name one in the configuration";
    return err(failure("knowledge_unreadable", "there is no knowledge graph", hint));
  }
  return parseKnowledgeGraph(found.value.text, found.value.location);
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
  const [file] = await source(parts).files(path);
  if (file !== undefined) return ok({ uri, mimeType: "text/plain", text: file.text });
  return err(failure("invalid_input", `${path} is not in the knowledge folders`, "take paths from load_knowledge"));
}

async function readRun(uri: string, [runId = "", ...rest]: string[], parts: ServerParts): Promise<Result<Content>> {
  const { ports } = parts.orchestrator;
  const run = ports.store.run(runId);
  if (run === undefined) return err(unknownRun(runId, ports));
  const [kind, taskId, part, ...path] = rest;
  if (kind === "tasks" && taskId !== undefined && part === "files" && path.length > 0) {
    const where = { run_id: runId, task_id: taskId, path: path.join("/") };
    return asText(uri, await taskFile(where, ports), "text/plain");
  }
  if (kind === "tasks" && taskId !== undefined) return readTask(uri, { runId, taskId, part: part ?? "" }, parts);
  const picture = PICTURE_FORMATS.find((name) => name === taskId);
  const plan = ports.store.artefact(runId, "execution_plan");
  const format = GRAPH_FORMATS.find((name) => name === taskId);
  const graph = ports.store.artefact(runId, "dependency_graph");
  if (kind === "dependency-graph" && format !== undefined && graph !== undefined) {
    return ok({ uri, mimeType: "text/plain", text: graphText(graph, format) });
  }
  if (kind === "execution-plan" && picture !== undefined && graph !== undefined && plan !== undefined) {
    const mimeType = picture === "svg" ? "image/svg+xml" : "text/plain";
    return ok({ uri, mimeType, text: planPicture(plan, graph, picture) });
  }
  const context = await parts.orchestrator.context(runId);
  if (kind === undefined) {
    const { settings: _, ...shown } = run;
    const progress = context.ok ? progressOf(context.value) : undefined;
    return ok(json(uri, { ...shown, state: stateOf(run, ports), progress }));
  }
  const artefacts: Record<string, unknown> = {
    "task-list": ports.store.artefact(runId, "task_list"),
    "dependency-graph": ports.store.artefact(runId, "dependency_graph"),
    "execution-plan": ports.store.artefact(runId, "execution_plan"),
    "batch-results": context.ok ? resultsOf(context.value) : undefined,
    report: ports.store.artefact(runId, "report"),
  };
  const artefact = Object.hasOwn(artefacts, kind) ? artefacts[kind] : undefined;
  if (artefact !== undefined) return ok(json(uri, artefact));
  const there = Object.keys(artefacts).filter((name) => artefacts[name] !== undefined);
  return err(failure("invalid_input", `run ${runId} has no ${kind}`, `it has: ${there.join(", ") || "nothing yet"}`));
}

async function readTask(
  uri: string,
  { runId, taskId, part }: { runId: string; taskId: string; part: string },
  parts: ServerParts,
): Promise<Result<Content>> {
  const { ports } = parts.orchestrator;
  const found = taskOf(runId, taskId, ports);
  if (!found.ok) return found;
  if (part === "brief") return asText(uri, await taskBrief(runId, taskId, ports), "text/markdown");
  if (part === "diff") return asText(uri, await taskDiff(runId, taskId, ports), "text/x-diff");
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
