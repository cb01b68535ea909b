/** What an agent said during an attempt, as far as it belongs on record: its usage, what it was not allowed to do, its last words. */
import type { AgentEvent } from "../model/agent-event.ts";
import type { Attempt } from "../model/attempt.ts";
import { type Usage, withEvent } from "../model/usage.ts";

const MAX_DENIED = 20;

export class AgentOutput {
  #usage: Usage | undefined;
  #lastMessage: string | undefined;
  #denied: Set<string> = new Set();
  #refused: Set<string> = new Set();

  hear(event: AgentEvent): void {
    this.#usage = withEvent(this.#usage, event);
    if (event.type === "message") this.#lastMessage = event.text;
    if (event.type === "permission_denied") this.denied(event.what);
    if (event.type === "write_refused" && this.#refused.size < MAX_DENIED) this.#refused.add(event.what);
  }

  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** What it said last: the output of an agent that cannot write outside its workspace. */
  get lastMessage(): string | undefined {
    return this.#lastMessage;
  }

  denied(what: string | undefined): void {
    if (what !== undefined && this.#denied.size < MAX_DENIED) this.#denied.add(what);
  }

  record(): Pick<Attempt, "usage" | "denied" | "refused_writes"> {
    return {
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#refused.size === 0 ? {} : { refused_writes: [...this.#refused] }),
      ...(this.#denied.size === 0 ? {} : { denied: [...this.#denied] }),
    };
  }
}
