/** `knowledge init`, `check` and `load`: a graph for a repository that has none, what does not resolve in one, and what a request would read. */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { failure } from "../core/model/failure.ts";
import type { KnowledgeContext } from "../core/model/knowledge-context.ts";
import { CommandFailed, columns, EXIT, plain, print, printJson } from "./output.ts";
import { expect, withCore } from "./session.ts";

export interface KnowledgeOptions {
  repo: string;
  config?: string;
  json?: boolean;
}

const NAME = "knowledge_graph.json";

/** Writes the one file it is asked for, and never over another. */
export async function knowledgeInitCommand(options: KnowledgeOptions & { output?: string }): Promise<number> {
  return withCore({ config: options.config, read_only: true }, async ({ orchestrator }) => {
    const repo = resolve(options.repo);
    const root = expect(await orchestrator.sources.root(repo));
    const graph = expect(await orchestrator.sources.draftKnowledge(repo));
    const file = resolve(options.output ?? join(root, NAME));
    await write(file, `${JSON.stringify(graph, null, 2)}\n`);
    if (options.json) printJson({ file, graph });
    else print(`${file}\nedit it, then: forkjoin knowledge check`);
    return EXIT.success;
  });
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    const why =
      error instanceof Error && "code" in error && error.code === "EEXIST" ? "is there already" : String(error);
    throw new CommandFailed(failure("invalid_input", `${file} ${why}`, "name another file with --output"));
  }
}

/** Exit code 1 when something does not resolve. */
export async function knowledgeCheckCommand(options: KnowledgeOptions): Promise<number> {
  return withCore({ config: options.config, read_only: true }, async ({ orchestrator }) => {
    const root = expect(await orchestrator.sources.root(resolve(options.repo)));
    const knowledge = orchestrator.sources.knowledge(root);
    const found = expect(await knowledge.graph());
    if (found === undefined) throw new CommandFailed(NO_GRAPH);
    const { location, graph } = found;
    const findings = await knowledge.check(graph);
    if (options.json) printJson({ graph: location, findings });
    else if (findings.length === 0) print(`${location}: everything resolves`);
    else print(plain(columns(findings.map(({ where, problem }) => [where, problem]))));
    return findings.length === 0 ? EXIT.success : EXIT.incomplete;
  });
}

const NO_GRAPH = failure(
  "knowledge_unreadable",
  "there is no knowledge graph",
  "forkjoin knowledge init writes a first one",
);

/** Knowledge that phase 0 would load for the request; nothing is stored. */
export async function knowledgeLoadCommand(request: string, options: KnowledgeOptions): Promise<number> {
  return withCore({ config: options.config, read_only: true }, async ({ orchestrator }) => {
    const root = expect(await orchestrator.sources.root(resolve(options.repo)));
    const context = expect(await orchestrator.sources.knowledge(root).load(request));
    if (options.json) printJson(context);
    else print(plain(renderContext(context)));
    return EXIT.success;
  });
}

function renderContext({ task_detection, knowledge }: KnowledgeContext): string {
  const rows = [...knowledge.required, ...knowledge.recommended].map((file) => [
    file.path,
    `${file.tokens} tokens`,
    file.reason,
  ]);
  const skipped = knowledge.skipped_recommended.map(({ path, reason }) => `skipped  ${path}: ${reason}`);
  const missing = knowledge.missing_files.map((path) => `missing  ${path}`);
  return [
    `${task_detection.detected_type ?? "no task type"}: ${task_detection.why}`,
    `knowledge ${knowledge.status}, ${knowledge.total_tokens_loaded} of ${knowledge.budget_tokens} tokens`,
    ...(rows.length === 0 ? [] : ["", columns(rows)]),
    ...[...missing, ...skipped, ...knowledge.notes.map((text) => `note     ${text}`)],
  ].join("\n");
}
