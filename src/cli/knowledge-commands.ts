/** `knowledge init`, `check` and `load`: a graph for a repository that has none, what does not resolve in one, and what a request would read. */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { checkGraph } from "../core/0-knowledge/check-graph.ts";
import { draftGraph } from "../core/0-knowledge/draft-graph.ts";
import { loadKnowledge } from "../core/0-knowledge/load-knowledge.ts";
import { parseKnowledgeGraph } from "../core/0-knowledge/parse-graph.ts";
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
    const { repository } = expect(await orchestrator.ports.openRepository(resolve(options.repo)));
    const head = expect(await repository.resolve("HEAD"));
    const files = await repository.files(head);
    const graph = draftGraph([...files].filter(([, { mode }]) => mode.startsWith("100")).map(([path]) => path));
    const file = resolve(options.output ?? join(repository.root, NAME));
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
    const { repository } = expect(await orchestrator.ports.openRepository(resolve(options.repo)));
    const source = orchestrator.ports.knowledgeSource(repository.root);
    const found = expect(await source.graph());
    if (found === undefined) throw new CommandFailed(NO_GRAPH);
    const graph = expect(parseKnowledgeGraph(found.text, found.location));
    const findings = await checkGraph(graph, source);
    if (options.json) printJson({ graph: found.location, findings });
    else if (findings.length === 0) print(`${found.location}: everything resolves`);
    else print(plain(columns(findings.map(({ where, problem }) => [where, problem]))));
    return findings.length === 0 ? EXIT.success : EXIT.incomplete;
  });
}

const NO_GRAPH = failure(
  "knowledge_unreadable",
  "there is no knowledge graph",
  "forkjoin knowledge init writes a first one",
);

/** What phase 0 would load for the request; nothing is stored. */
export async function knowledgeLoadCommand(request: string, options: KnowledgeOptions): Promise<number> {
  return withCore({ config: options.config, read_only: true }, async ({ orchestrator }) => {
    const { repository } = expect(await orchestrator.ports.openRepository(resolve(options.repo)));
    const context = expect(await loadKnowledge({ request }, orchestrator.ports.knowledgeSource(repository.root)));
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
