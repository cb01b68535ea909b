/** Starts one command without a shell, writes what it prints to a capped log, and leaves nothing running when it returns. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { CappedLog } from "./capped-log.ts";
import { killLeftovers, killTree, MARK } from "./kill-tree.ts";

export interface ProcessRequest {
  command: string[];
  directory: string;
  env: Record<string, string>;
  log_file: string;
  timeout_ms: number;
  /** the workspace's folder: finds descendants that left the process group */
  mark: string;
  /** the command is the sandbox around what counts */
  walled?: boolean;
  started?: (pid: number) => void;
  /** told of everything on standard output */
  printed?: (chunk: Buffer) => void;
  /** when given, standard input stays open and this holds the conversation */
  converse?: (pipes: { input: Writable; output: Readable }) => void;
}

export type ProcessOutcome = { tail: string; duration_ms: number } & (
  | { end: "exited"; code: number | null; signal: NodeJS.Signals | null }
  | { end: "timed_out" }
  | { end: "cancelled" }
  | { end: "not_started"; cause: string }
);

const PIPE_GRACE_MS = 2_000;

export async function runProcess(request: ProcessRequest, signal: AbortSignal): Promise<ProcessOutcome> {
  const began = Date.now();
  const log = new CappedLog(request.log_file);
  try {
    const outcome = signal.aborted ? ({ end: "cancelled" } as const) : await supervise(request, log, signal);
    return { ...outcome, tail: log.tail(), duration_ms: Date.now() - began };
  } finally {
    log.close();
  }
}

type End =
  | { end: "exited"; code: number | null; signal: NodeJS.Signals | null }
  | { end: "timed_out" }
  | { end: "cancelled" }
  | { end: "not_started"; cause: string };

/** Waits for the exit, the time-out or the cancellation, whichever comes first, and then for the tree to be gone. */
async function supervise(request: ProcessRequest, log: CappedLog, signal: AbortSignal): Promise<End> {
  const child = start(request);
  if (child instanceof Error) return { end: "not_started", cause: child.message };
  child.stdout.on("data", (chunk: Buffer) => {
    log.write(chunk);
    request.printed?.(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => log.write(chunk));
  const exited = new Promise<End>((resolve) => {
    child.once("error", (error) => resolve({ end: "not_started", cause: error.message }));
    child.once("exit", (code, by) => resolve({ end: "exited", code, signal: by }));
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const pid = child.pid;
  if (pid === undefined) return exited;
  tellStarted(request, pid);
  if (child.stdin !== null) request.converse?.({ input: child.stdin, output: child.stdout });
  const end = await firstOf(exited, request.timeout_ms, signal);
  if (end.end === "exited") killLeftovers(pid, request.mark);
  else await killTree({ pid, mark: request.mark, walled: request.walled ?? false });
  await Promise.race([closed, delay(PIPE_GRACE_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  return end;
}

/** Some causes (a NUL or too much text among the arguments) are thrown at once, others reported by the child's `error` event. */
function start(request: ProcessRequest): ChildProcessByStdio<Writable | null, Readable, Readable> | Error {
  const [program = "", ...args] = request.command;
  try {
    const options = {
      cwd: request.directory,
      env: { ...request.env, [MARK]: request.mark },
      detached: process.platform !== "win32",
      windowsHide: true,
    };
    if (request.converse === undefined) return spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    return spawn(program, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A process that cannot be put on record must not stay. */
function tellStarted({ started, mark }: ProcessRequest, pid: number): void {
  try {
    started?.(pid);
  } catch (error) {
    killLeftovers(pid, mark);
    throw error;
  }
}

async function firstOf(exited: Promise<End>, timeoutMs: number, signal: AbortSignal): Promise<End> {
  const stop = new AbortController();
  try {
    const timedOut = delay(timeoutMs, { end: "timed_out" } as const, { signal: stop.signal });
    const cancelled = new Promise<End>((resolve) => {
      if (signal.aborted) resolve({ end: "cancelled" });
      signal.addEventListener("abort", () => resolve({ end: "cancelled" }), { once: true, signal: stop.signal });
    });
    return await Promise.race([exited, timedOut, cancelled]);
  } finally {
    stop.abort();
  }
}
