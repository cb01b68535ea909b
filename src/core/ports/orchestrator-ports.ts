/** Ports of the six phases to the outside, in one place: what `compose` provides. */
import type { AgentEvent } from "../model/agent-event.ts";
import type { Configuration } from "../model/configuration.ts";
import type { Event } from "../model/event.ts";
import type { Result } from "../model/result.ts";
import type { Clock } from "./clock.ts";
import type { CodeCache } from "./code-cache.ts";
import type { Executor } from "./executor.ts";
import type { IssueSource } from "./issue-source.ts";
import type { KnowledgeSource } from "./knowledge-source.ts";
import type { Lanes } from "./lanes.ts";
import type { LanguageAnalyser } from "./language-analyser.ts";
import type { MergeProgram } from "./merge-program.ts";
import type { Notifier } from "./notifier.ts";
import type { Owners } from "./owners.ts";
import type { Repository } from "./repository.ts";
import type { RunStore } from "./run-store.ts";
import type { Setup } from "./setup.ts";
import type { Sleep } from "./sleep.ts";
import type { StructuredText } from "./structured-text.ts";
import type { Tokens } from "./tokens.ts";
import type { Validator } from "./validator.ts";
import type { WorkflowSource } from "./workflow-source.ts";
import type { Workspaces } from "./workspace.ts";

export interface OpenRepository {
  repository: Repository;
  workspaces: Workspaces;
  /** what reads this repository's code, and remembers what it read */
  code: { analyser: LanguageAnalyser; cache: CodeCache };
}

export interface OrchestratorPorts {
  configuration: Configuration;
  /** the configuration for runs of one repository: what that repository may say about itself included */
  configurationFor(repositoryRoot: string): Promise<Result<Configuration>>;
  store: RunStore;
  clock: Clock;
  sleep: Sleep;
  notifier: Notifier;
  tokens: Tokens;
  /** whether a chat client is there that can do tasks itself */
  clientWork: boolean;
  /** whether a person can be asked while a run goes on: a chat client's user, or whoever sits at the terminal */
  canAsk: boolean;
  executor: Executor;
  lanes: Lanes;
  validator: Validator;
  setup: Setup;
  /** what merging needs besides git */
  structuredText: StructuredText;
  mergeProgram: MergeProgram;
  owners: Owners;
  newRunId(): string;
  openRepository(directory: string): Promise<Result<OpenRepository>>;
  /** `graph` is a path inside the repository that a client named, in place of the configured one */
  knowledgeSource(repositoryRoot: string, graph?: string): KnowledgeSource;
  workflows: WorkflowSource;
  issues: IssueSource;
  /** told of every event after it is stored */
  observe(run_id: string, event: Event): void;
  /** told of what running agents say; nothing of it is stored */
  hear(run_id: string, task_id: string, said: AgentEvent): void;
}
