/** Sources of runs: the configuration, workflows, and a repository with its files and knowledge. */
import { draftGraph } from "../0-knowledge/draft-graph.ts";
import type { Configuration } from "../model/configuration.ts";
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";
import type { WorkflowRun } from "../model/orchestration.ts";
import { ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { TreeEntry } from "../ports/repository.ts";
import type { WorkflowSource } from "../ports/workflow-source.ts";
import { resolveWorkflow, type WorkflowPlace } from "./begin-workflow.ts";
import { RepositoryKnowledge } from "./repository-knowledge.ts";

type SourcePorts = Pick<
  OrchestratorPorts,
  "configuration" | "issues" | "knowledgeSource" | "openRepository" | "workflows"
>;

export class Sources {
  readonly #ports: SourcePorts;

  constructor(ports: SourcePorts) {
    this.#ports = ports;
  }

  get configuration(): Configuration {
    return this.#ports.configuration;
  }

  get workflows(): WorkflowSource {
    return this.#ports.workflows;
  }

  /** The workflow that was asked for, its issues read and its instances named. */
  async resolveWorkflow(given: unknown, place: WorkflowPlace): Promise<Result<WorkflowRun>> {
    return resolveWorkflow(given, place, this.#ports);
  }

  /** Knowledge of the repository whose top level is `root`. */
  knowledge(root: string): RepositoryKnowledge {
    return new RepositoryKnowledge(this.#ports.knowledgeSource(root));
  }

  /** The top level of the repository that `directory` is in. */
  async root(directory: string): Promise<Result<string>> {
    const opened = await this.#ports.openRepository(directory);
    return opened.ok ? ok(opened.value.repository.root) : opened;
  }

  /** Paths of the commit that is checked out, sorted. */
  async paths(directory: string): Promise<Result<string[]>> {
    const files = await this.#files(directory);
    return files.ok ? ok([...files.value.keys()]) : files;
  }

  /** A first knowledge graph, from the documents of the commit that is checked out. */
  async draftKnowledge(directory: string): Promise<Result<KnowledgeGraph>> {
    const files = await this.#files(directory);
    if (!files.ok) return files;
    const regular = [...files.value].filter(([, { mode }]) => mode.startsWith("100"));
    return ok(draftGraph(regular.map(([path]) => path)));
  }

  async #files(directory: string): Promise<Result<Map<string, TreeEntry>>> {
    const opened = await this.#ports.openRepository(directory);
    if (!opened.ok) return opened;
    const { repository } = opened.value;
    const head = await repository.resolve("HEAD");
    return head.ok ? ok(await repository.files(head.value)) : head;
  }
}
