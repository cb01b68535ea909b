/** One task as an ACP conversation: introduce, open a session, set its mode, send the brief, answer what is asked, and end it in time. */
import { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  type ClientConnection,
  client,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
  type StopReason,
} from "@agentclientprotocol/sdk";
import type { AgentEvent } from "../../../core/model/agent-event.ts";
import type { Failure } from "../../../core/model/failure.ts";
import { answerPermission, type Policy } from "./permission.ts";
import { updateEvents, usageEvents } from "./session-events.ts";
import { sessionMode } from "./session-mode.ts";
import { writeTextFile } from "./write-text-file.ts";

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** How long an agent that is told to stop may take to say so, with its usage. */
const CANCEL_GRACE_MS = 3_000;

export interface Topic {
  brief: string;
  policy: Policy;
  mode: string | undefined;
  hear(event: AgentEvent): void;
}

/** `refused`: the agent answered with an error; `broken`: it stopped talking. */
export type Talk =
  | { end: "stopped"; reason: StopReason }
  | { end: "out_of_time" }
  | { end: "failed"; failure: Failure }
  | { end: "refused"; message: string }
  | { end: "broken"; message: string };

export function connect(pipes: { input: Writable; output: Readable }, topic?: Topic): ClientConnection {
  pipes.input.on("error", () => undefined);
  const app = client({ name: "forkjoin" });
  if (topic !== undefined) answer(app, topic);
  const stream = ndJsonStream(Writable.toWeb(pipes.input), Readable.toWeb(pipes.output), {
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
  return app.connect(stream);
}

function answer(app: ReturnType<typeof client>, { policy, hear }: Topic): void {
  app
    .onNotification(methods.client.session.update, ({ params }) => {
      for (const event of updateEvents(params.update)) hear(event);
    })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      const { response, denied } = answerPermission(params, policy);
      if (denied !== undefined) hear({ type: "permission_denied", what: denied });
      return response;
    })
    .onRequest(methods.client.fs.writeTextFile, async ({ params }) => {
      try {
        await writeTextFile(params, policy);
        return {};
      } catch (error) {
        if (error instanceof RequestError) hear({ type: "permission_denied", what: error.message });
        throw error;
      }
    });
}

/** Forkjoin offers to write files, so that a write is judged before it is made; agents read by themselves. */
export async function introduce(connection: ClientConnection): Promise<{ name?: string; version?: string }> {
  const response = await connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: "forkjoin", version: "1" },
    clientCapabilities: { fs: { readTextFile: false, writeTextFile: true }, terminal: false },
  });
  const { agentInfo } = response;
  return agentInfo ? { name: agentInfo.name, version: agentInfo.version } : {};
}

/** Ends when the agent does, or shortly after `limit` aborts. */
export async function converse(connection: ClientConnection, topic: Topic, limit: AbortSignal): Promise<Talk> {
  const session: { id?: string } = {};
  const work = carryOut(connection, topic, session).catch(
    (error: unknown): Talk => ({
      end: error instanceof RequestError && !connection.signal.aborted ? "refused" : "broken",
      message: messageOf(error),
    }),
  );
  const outOfTime = new Promise<"out_of_time">((resolve) => {
    if (limit.aborted) resolve("out_of_time");
    limit.addEventListener("abort", () => resolve("out_of_time"), { once: true });
  });
  const first = await Promise.race([work, outOfTime]);
  if (first !== "out_of_time") return first;
  if (session.id !== undefined) {
    await connection.agent.notify(methods.agent.session.cancel, { sessionId: session.id }).catch(() => undefined);
    await Promise.race([work, delay(CANCEL_GRACE_MS, undefined, { ref: false })]);
  }
  return { end: "out_of_time" };
}

async function carryOut(connection: ClientConnection, topic: Topic, session: { id?: string }): Promise<Talk> {
  await introduce(connection);
  const { agent } = connection;
  const opened = await agent.request(methods.agent.session.new, { cwd: topic.policy.workspace, mcpServers: [] });
  const sessionId = opened.sessionId;
  session.id = sessionId;
  const mode = sessionMode(opened.modes, topic.mode);
  if (!mode.ok) return { end: "failed", failure: mode.error };
  if (mode.value !== undefined) await agent.request(methods.agent.session.setMode, { sessionId, modeId: mode.value });
  const response = await agent.request(methods.agent.session.prompt, {
    sessionId,
    prompt: [{ type: "text", text: topic.brief }],
  });
  for (const event of usageEvents(response)) topic.hear(event);
  return { end: "stopped", reason: response.stopReason };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const data = error instanceof RequestError && error.data !== undefined ? ` ${JSON.stringify(error.data)}` : "";
  return `${error.message}${data}`.slice(0, 1_000);
}
