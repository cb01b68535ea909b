#!/usr/bin/env node
/** MCP entry: Forkjoin over stdio. Standard output is the protocol's; everything else goes to standard error. */
import { open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Composed, ComposeOptions, readTaskFiles } from "./compose.ts";
import type { Event } from "./core/model/event.ts";
import { failure } from "./core/model/failure.ts";
import { err, type Result } from "./core/model/result.ts";
import { TOOLSETS, type Toolset } from "./mcp/server-parts.ts";
import { version } from "./version.ts";

const USAGE = `forkjoin-mcp ${version}: Forkjoin as an MCP server over stdio

  --repo DIR       a repository it may work on (repeatable; default: the working directory)
  --config FILE    the operator's configuration
  --read-only      plan only: no tool that starts agents, merges or cancels
  --toolset NAME   core, or all: also add_tasks and pause_run
  --help, --version`;

type ReadTaskFiles = typeof readTaskFiles;
type Core = Composed & { readTaskFiles: ReadTaskFiles };

const LOG_TAIL_BYTES = 16_384;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repo: { type: "string", multiple: true },
      config: { type: "string" },
      "read-only": { type: "boolean", default: false },
      toolset: { type: "string", default: "core" },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  if (values.help || values.version) {
    process.stdout.write(`${values.help ? USAGE : version}\n`);
    return;
  }
  const toolset = TOOLSETS.find((name) => name === values.toolset);
  if (toolset === undefined) throw new Error(`--toolset ${values.toolset}: write ${TOOLSETS.join(" or ")}`);
  const repositories = values.repo ?? [process.cwd()];
  await serve(repositories, { config: values.config, readOnly: values["read-only"], toolset });
}

async function serve(
  repositories: string[],
  { config, readOnly, toolset }: { config: string | undefined; readOnly: boolean; toolset: Toolset },
): Promise<void> {
  const listeners = new Set<(run_id: string, event: Event) => void>();
  const observe = (run_id: string, event: Event): void => {
    for (const listener of listeners) listener(run_id, event);
  };
  const { serveStdio } = await import("./mcp/serve-stdio.ts");
  let core: Promise<Core> | undefined;
  let loaded: Core | undefined;
  const ready = (): Promise<Core> => {
    core ??= load({ config, repositories, observe }).then((value) => {
      loaded = value;
      return value;
    }, fail);
    return core;
  };
  const stop = endOnce(async () => (await core)?.close());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  const now = (): Core => {
    if (loaded === undefined) throw new Error("a call came through before the core was loaded");
    return loaded;
  };
  const parts = {
    get orchestrator() {
      return now().orchestrator;
    },
    get defaultRepository() {
      return now().repositories[0] ?? resolve(".");
    },
    version,
    readOnly,
    toolset,
    readTaskFiles: (files: string[], repo: string) => readFilesInside(files, repo, now().readTaskFiles),
    readLog,
    watch(listener: (run_id: string, event: Event) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  await serveStdio(parts, { closed: stop, ready });
}

/** The core with all its adapters: loaded once the client has been answered. */
async function load(options: Pick<ComposeOptions, "config" | "repositories" | "observe">): Promise<Core> {
  const { compose, readTaskFiles } = await import("./compose.ts");
  const composed = await compose({ ...options, client_work: true });
  if (composed.ok) return { ...composed.value, readTaskFiles };
  throw new Error(`${composed.error.message}\n  ${composed.error.hint}`);
}

/** Interrupts what runs, keeping its state for a later process, and ends. */
function endOnce(close: () => Promise<void>): () => void {
  let ending = false;
  return () => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
}

/** A client may name task files inside the repository only, links followed. */
async function readFilesInside(files: string[], repo: string, read: ReadTaskFiles): ReturnType<ReadTaskFiles> {
  const root = await realpath(repo);
  const paths: string[] = [];
  for (const file of files) {
    const path = await realpath(resolve(root, file)).catch(() => resolve(root, file));
    const inside = relative(root, path);
    if (inside.startsWith("..") || isAbsolute(inside)) return refused(file);
    paths.push(path);
  }
  return read(paths);
}

function refused(file: string): Result<never> {
  const hint = "name YAML files inside the repository, or send the tasks themselves";
  return err(failure("invalid_tasks", `task_files: ${file} is not inside the repository`, hint));
}

/** The end of a task's log; empty when there is none yet. */
async function readLog(file: string): Promise<string> {
  try {
    await using handle = await open(file, "r");
    const { size } = await handle.stat();
    const start = Math.max(0, size - LOG_TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOG_TAIL_BYTES), 0, LOG_TAIL_BYTES, start);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } catch {
    return "";
  }
}

function fail(error: unknown): never {
  process.stderr.write(`forkjoin-mcp: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}

main().catch(fail);
