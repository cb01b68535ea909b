/** A preset's standard output as agent events: told on as they come, and what decides the verdict remembered. */
import type { AgentEvent } from "../../core/model/agent-event.ts";
import { LineReader } from "./line-reader.ts";

const MAX_TEXT = 4_000;
/** The last message may be all that a task was for. */
const MAX_MESSAGE = 64_000;

/** Events of the agent that may explain its end. */
export interface LastWords {
  result?: Extract<AgentEvent, { type: "result" }>;
  /** the last error it mentioned; it may have recovered from it */
  error?: string;
}

export class EventStream {
  readonly words: LastWords = {};
  readonly #read: (line: unknown) => AgentEvent[];
  readonly #said: (event: AgentEvent) => void;
  readonly #lines: LineReader = new LineReader((line) => this.#line(line));

  constructor(read: (line: unknown) => AgentEvent[], said: (event: AgentEvent) => void) {
    this.#read = read;
    this.#said = said;
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
    const { dropped } = this.#lines;
    if (dropped > 0) this.hear({ type: "error", message: `${dropped} lines were too long to be read` }, false);
  }

  /** `counts`: whether an error may explain the end. */
  hear(event: AgentEvent, counts = true): void {
    const short = shortened(event);
    if (short.type === "result") this.words.result = short;
    if (short.type === "error" && counts) this.words.error = short.message;
    this.#said(short);
  }

  #line(line: string): void {
    const value = parsed(line);
    if (value === undefined) return;
    for (const event of this.#read(value)) this.hear(event);
  }
}

function parsed(line: string): unknown {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Text from agents is data: capped, whatever they send. */
function shortened(event: AgentEvent): AgentEvent {
  switch (event.type) {
    case "message":
      return { ...event, text: event.text.slice(0, MAX_MESSAGE) };
    case "tool_call":
      return { ...event, name: event.name.slice(0, 200) };
    case "permission_denied":
      return { ...event, what: event.what.slice(0, 200) };
    case "result":
    case "error":
      return { ...event, message: event.message.slice(0, MAX_TEXT) };
    default:
      return event;
  }
}
