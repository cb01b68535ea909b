/** Runs a task with an agent that speaks the Agent Client Protocol: the process like any other, the conversation beside it. */
import { type Failure, failure } from "../../../core/model/failure.ts";
import { err, ok, type Result } from "../../../core/model/result.ts";
import type { AttemptSpec, ExecutorHooks } from "../../../core/ports/executor.ts";
import type { Sandbox } from "../../../core/ports/sandbox.ts";
import { agentProcess, tellRefused } from "../command-executor.ts";
import { EventStream } from "../event-stream.ts";
import { asViolation, cancelled, judgeAgent, ownWord, timedOut } from "../judge-agent.ts";
import { providerFailure } from "../provider-failure.ts";
import { type ProcessOutcome, type ProcessRequest, runProcess } from "../run-process.ts";
import { connect, converse, type Talk, type Topic } from "./conversation.ts";

/** The conversation ends the process; this is for one that hangs. */
const SAFETY_MS = 10_000;

const LOG = "read the task's log for the whole conversation";

interface Means {
  hooks: ExecutorHooks;
  sandbox: Sandbox;
}

export async function runAcpAgent(
  spec: AttemptSpec,
  { hooks, sandbox }: Means,
  signal: AbortSignal,
): Promise<Result<void>> {
  if (signal.aborted) return err(cancelled());
  const request = await agentProcess(spec, { hooks, sandbox });
  const stream = new EventStream(() => [], hooks.said);
  const { agent, boundary, directory } = spec;
  const execute = (agent.execute ?? (spec.enforcement === "sandboxed" ? "allow" : "refuse")) === "allow";
  const topic: Topic = {
    brief: spec.brief,
    policy: { workspace: directory, boundary, execute },
    mode: agent.mode,
    hear: (event) => stream.hear(event),
  };
  const { talk, outcome } = await runWithTalk(request, topic, signal);
  const ended = verdict(talk, { outcome, stream, signal, timeoutMs: request.timeout_ms });
  if (spec.enforcement === "sandboxed") await tellRefused(spec, hooks);
  const problem = spec.enforcement === "sandboxed" ? asViolation(ended, ended?.message ?? "", spec.brief) : ended;
  return problem === undefined ? ok(undefined) : err(problem);
}

/** The process lives as long as the conversation, and the other way round. */
async function runWithTalk(
  request: ProcessRequest,
  topic: Topic,
  signal: AbortSignal,
): Promise<{ talk: Talk | undefined; outcome: ProcessOutcome }> {
  const over = new AbortController();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(request.timeout_ms)]);
  const talks: Promise<Talk>[] = [];
  const outcome = await runProcess(
    {
      ...request,
      timeout_ms: request.timeout_ms + SAFETY_MS,
      converse(pipes) {
        const connection = connect(pipes, topic);
        talks.push(
          converse(connection, topic, limit).finally(() => {
            connection.close();
            over.abort();
          }),
        );
      },
    },
    over.signal,
  );
  return { talk: await talks[0], outcome };
}

interface Ended {
  outcome: ProcessOutcome;
  stream: EventStream;
  signal: AbortSignal;
  timeoutMs: number;
}

function verdict(talk: Talk | undefined, ended: Ended): Failure | undefined {
  const { outcome, stream, signal, timeoutMs } = ended;
  if (signal.aborted) return cancelled();
  if (talk === undefined) return judgeAgent(outcome, timeoutMs);
  switch (talk.end) {
    case "out_of_time":
      return timedOut(timeoutMs, "");
    case "failed":
      return talk.failure;
    case "stopped":
      stream.hear(resultOf(talk.reason));
      return ownWord(stream.words);
    case "refused":
      return providerFailure(talk.message) ?? failure("agent_failed", `the agent answered: ${talk.message}`, LOG);
    case "broken":
      return brokenOff(talk.message, outcome);
  }
}

function resultOf(reason: Extract<Talk, { end: "stopped" }>["reason"]): Parameters<EventStream["hear"]>[0] {
  if (reason === "end_turn") return { type: "result", outcome: "done", message: "" };
  const outcome = reason === "refusal" ? "refused" : "error";
  return { type: "result", outcome, message: `it stopped with ${reason.replaceAll("_", " ")}` };
}

/** Failure of a conversation that broke off: the death of its process, where that died. */
function brokenOff(message: string, outcome: ProcessOutcome): Failure {
  const died = outcome.end === "exited" && outcome.code !== 0 ? judgeAgent(outcome, 0) : undefined;
  return died ?? failure("agent_failed", `the conversation broke off: ${message}`, LOG);
}
