/** One attempt of an agent in a folder of its own, without a run around it: for tests of executors. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { agentExecutor } from "../../../src/adapters/process/agent-executor.ts";
import { bubblewrap } from "../../../src/adapters/sandbox/bubblewrap.ts";
import type { AgentEvent } from "../../../src/core/model/agent-event.ts";
import { AgentConfiguration } from "../../../src/core/model/configuration.ts";
import type { Result } from "../../../src/core/model/result.ts";
import { NOTHING_INSTALLED } from "../../../src/core/ports/workspace.ts";

interface RunOptions {
  scope?: string[];
  stop?: AbortController;
  /** called after every event */
  heard?: () => void;
}

export class Attempt {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-attempt-")));
  readonly workspace: string = join(this.folder, "work");
  readonly events: AgentEvent[] = [];
  readonly pids: number[] = [];

  constructor(files: Record<string, string> = {}) {
    for (const name of ["work", "home", "tmp"]) mkdirSync(join(this.folder, name));
    for (const [path, text] of Object.entries(files)) this.file(join("work", path), text);
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  async run(
    agent: Record<string, unknown>,
    { scope = ["src/**"], stop = new AbortController(), heard = () => undefined }: RunOptions = {},
  ): Promise<Result<void>> {
    const spec = {
      ...{ run_id: "run-1", task_id: "task", attempt: 1, agent: AgentConfiguration.parse(agent), brief: "Do it.\n" },
      boundary: { task_boundary: "task", access: "write", scope } as const,
      output_file: join(this.folder, "output"),
      scope_request_file: join(this.folder, "scope-request.json"),
      ...{ directory: this.workspace, folder: this.folder, log_file: join(this.folder, "log") },
      ...{ enforcement: "verified" as const, borrowed: [], installed: NOTHING_INSTALLED },
    };
    const hooks = {
      started: ({ pid }: { pid: number }): number => this.pids.push(pid),
      said: (event: AgentEvent): void => {
        this.events.push(event);
        heard();
      },
    };
    return agentExecutor(bubblewrap(this.folder)).run(spec, hooks, stop.signal);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
