/** The verdict on an agent's end: exit code and last words can only fail an attempt; success is decided later, by what is on disk. */
import { stripVTControlCharacters } from "node:util";
import { formatDuration } from "../../core/model/duration.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import type { LastWords } from "./event-stream.ts";
import { providerFailure } from "./provider-failure.ts";
import type { ProcessOutcome } from "./run-process.ts";

const LOG = "read the task's log for the whole output";

/** `words` is what an agent with a known stream said; a plain command is judged by its exit code alone. */
export function judgeAgent(outcome: ProcessOutcome, timeoutMs: number, words?: LastWords): Failure | undefined {
  switch (outcome.end) {
    case "exited":
      return outcome.code === 0 ? ownWord(words) : (explained(words, outcome.tail) ?? exitFailure(outcome));
    case "timed_out":
      return timedOut(timeoutMs, outcome.tail);
    case "cancelled":
      return cancelled();
    case "not_started":
      return failure(
        "agent_unavailable",
        `the agent could not be started: ${outcome.cause}`,
        "correct the agent's command",
      );
  }
}

const REFUSED_WRITE = /read-only file system|\bEROFS\b|device or resource busy|\bEBUSY\b/i;
const MAX_LINES = 20;

/**
 * Lines of an agent's own output which say that the sandbox refused it to write, each once; `own` are the lines it was given: what it merely
 * repeats of its brief is nobody's doing.
 */
export function refusedWrites(output: string, own: string): string[] {
  const lines = spoken(output)
    .filter((line) => REFUSED_WRITE.test(line))
    .map(clean);
  return [...new Set(lines)].filter((line) => line !== "" && !quotes(line, own)).slice(-MAX_LINES);
}

/** Lines of the output; of a stream of JSON the lines of the texts in it. */
function spoken(output: string): string[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{") || !REFUSED_WRITE.test(line)) return [line];
    const texts: string[] = [];
    try {
      JSON.parse(line, (_, value: unknown) => {
        if (typeof value === "string") texts.push(...value.split("\n"));
        return value;
      });
    } catch {
      return [line];
    }
    return texts;
  });
}

/** The brief tells a failure in one line, which an agent may print whole or in part. */
function quotes(line: string, brief: string): boolean {
  const text = brief.replace(/\s+/g, " ");
  return text.includes(line.replace(/\s+/g, " ")) || /the sandbox refused (to let )?it (to )?write/.test(line);
}

/** An agent that failed on a write which the sandbox refused left its boundary, as it would have without one. */
export function asViolation(problem: Failure | undefined, tail: string, brief = ""): Failure | undefined {
  if (problem?.code !== "agent_failed") return problem;
  const lines = refusedWrites(tail, brief);
  if (lines.length === 0) return problem;
  const said = lines.slice(-3).join(" / ").slice(-400);
  const hint = /node_modules/.test(said)
    ? "leave installed packages and the folders they are in as they are; `share_packages: false` gives every workspace packages of its own"
    : "leave everything outside the task's `files` as it is, or declare the path there";
  return { code: "scope_violation", message: `the sandbox refused to let it write outside its scope: ${said}`, hint };
}

export function timedOut(timeoutMs: number, tail: string): Failure {
  return {
    code: "timed_out",
    message: `the agent was ended after ${formatDuration(timeoutMs)}${lastLines(tail)}`,
    hint: "make the task smaller, or raise the agent's timeout",
    limit_ms: timeoutMs,
  };
}

export function cancelled(): Failure {
  return failure("cancelled", "the run was cancelled while the agent worked", "`forkjoin resume` goes on with it");
}

/** Failure that the agent itself reported, whether it exited with 0 or not. */
export function ownWord({ result }: LastWords = {}): Failure | undefined {
  if (result === undefined || result.outcome === "done") return undefined;
  const said = clean(result.message);
  if (result.outcome === "refused") {
    return failure("agent_refused", `the agent refused the task: ${said}`, "reword the task's description");
  }
  return providerFailure(result.message) ?? failure("agent_failed", `the agent reports an error: ${said}`, LOG);
}

/** Why an agent with a known stream exited with an error: its result, else its last error, else the end of its output. */
function explained(words: LastWords | undefined, tail: string): Failure | undefined {
  if (words === undefined) return undefined;
  const own = ownWord(words);
  if (own !== undefined) return own;
  const said = words.error ?? plainLines(tail);
  return words.result?.outcome === "done" ? undefined : providerFailure(said);
}

function exitFailure(outcome: { code: number | null; signal: NodeJS.Signals | null; tail: string }): Failure {
  const how = outcome.signal === null ? `exit code ${outcome.code}` : `signal ${outcome.signal}`;
  return failure("agent_failed", `the agent ended with ${how}${lastLines(outcome.tail)}`, LOG);
}

/** The end of the output without the lines of the stream: what the agent printed on standard error. */
function plainLines(tail: string): string {
  const lines = tail.split("\n").slice(tail.length >= 8_000 ? 1 : 0);
  return lines
    .filter((line) => !line.startsWith("{"))
    .join("\n")
    .slice(-1_000);
}

/** The end of what the agent said, short enough for a message, without control characters. */
function lastLines(tail: string): string {
  const text = stripVTControlCharacters(tail)
    .split("\n")
    .map((line) => clean(line))
    .filter((line) => line !== "")
    .slice(-3)
    .join(" / ")
    .slice(-400);
  return text === "" ? "" : `: ${text}`;
}

function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .slice(0, 400);
}
