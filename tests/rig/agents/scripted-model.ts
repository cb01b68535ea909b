/** A model endpoint on loopback that speaks the Responses API: a test says what the "model" does, a real coding agent does it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** One answer of the model: a command for the agent to run, its last words, or an HTTP error. */
export type Move = { run: string } | { say: string } | { status: number };

/** What the model is asked: which task, after how many results of earlier commands, and everything it was told. */
export interface Asked {
  task: string;
  step: number;
  /** 1, 2, 3: read from what the brief says about earlier attempts */
  attempt: number;
  text: string;
}

export const MODEL_USAGE = { input_tokens: 100, output_tokens: 20 };

const Request = z.object({ input: z.array(z.looseObject({ type: z.string().default("message") })) });

export class ScriptedModel {
  readonly asked: Asked[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #play: (asked: Asked) => Move;

  private constructor(play: (asked: Asked) => Move) {
    this.#play = play;
  }

  /** The script is a function of the request alone, so an agent that asks twice gets the same answer. */
  static async start(play: (asked: Asked) => Move): Promise<ScriptedModel> {
    const model = new ScriptedModel(play);
    await new Promise<void>((resolve) => model.#server.listen(0, "127.0.0.1", resolve));
    return model;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/v1` : "";
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!request.url?.endsWith("/responses")) {
      response.writeHead(404).end("{}");
      return;
    }
    const text = Buffer.concat(chunks).toString("utf8");
    const { input } = Request.parse(JSON.parse(text));
    const step = input.filter((item) => item.type.endsWith("_call_output")).length;
    const task = /TASK_BOUNDARY: ([a-z0-9._-]+)/.exec(text)?.[1] ?? "";
    const attempt = Number(/## Attempt (\d+) was not accepted/.exec(text)?.[1] ?? 0) + 1;
    const asked = { task, step, attempt, text };
    this.asked.push(asked);
    reply(response, this.#play(asked), step);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function reply(response: ServerResponse, move: Move, step: number): void {
  if ("status" in move) {
    const error = { message: "as the script says", type: "scripted" };
    response.writeHead(move.status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    return;
  }
  const item = itemOf(move, step);
  const id = `resp_${step}`;
  const { input_tokens, output_tokens } = MODEL_USAGE;
  const usage = { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
  const events = [
    { type: "response.created", response: { id, status: "in_progress", output: [] } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, status: "in_progress" } },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: { id, status: "completed", output: [item], usage } },
  ];
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

function itemOf(move: { run: string } | { say: string }, step: number): Record<string, unknown> {
  if ("run" in move) {
    const call = { id: `fc_${step}`, call_id: `call_${step}`, name: "exec_command", status: "completed" };
    return { type: "function_call", ...call, arguments: JSON.stringify({ cmd: move.run }) };
  }
  const content = [{ type: "output_text", text: move.say, annotations: [] }];
  return { type: "message", id: `msg_${step}`, role: "assistant", status: "completed", content };
}
