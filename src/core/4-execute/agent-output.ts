/** Output of an agent that belongs on its attempt's record: its usage, what it was not allowed to do, its last message. */
import type { AgentEvent } from "../model/agent-event.ts";
import type { Attempt } from "../model/attempt.ts";
import type { FailureCode } from "../model/failure.ts";
import { type Usage, withEvent } from "../model/usage.ts";

const MAX_DENIED = 20;
const MAX_TOLD = 3;

/** Failures that may come of a write which the sandbox refused earlier. */
const MAY_FOLLOW = new Set<FailureCode>([
  "agent_failed",
  "timed_out",
  "no_changes",
  "missing_output",
  "invalid_output",
  "check_failed",
]);

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

  /** Last message of the agent: the output of one that cannot write outside its workspace. */
  get lastMessage(): string | undefined {
    return this.#lastMessage;
  }

  denied(what: string | undefined): void {
    if (what !== undefined && this.#denied.size < MAX_DENIED) this.#denied.add(what);
  }

  /** The ending with the writes that were refused as its likely cause, where its failure is one that may follow from them. */
  explained<E extends Pick<Attempt, "error">>(ending: E): E {
    const { error } = ending;
    if (error === undefined || this.#refused.size === 0 || !MAY_FOLLOW.has(error.code)) return ending;
    const lines = [...this.#refused].slice(-MAX_TOLD).join(" / ");
    const message = `${error.message}; before that the sandbox refused it to write: ${lines}`;
    const hint = `${error.hint}; what it was refused has to be declared in the task's \`files\`, or done without`;
    return { ...ending, error: { ...error, message, hint } };
  }

  record(): Pick<Attempt, "usage" | "denied" | "refused_writes"> {
    return {
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(this.#refused.size === 0 ? {} : { refused_writes: [...this.#refused] }),
      ...(this.#denied.size === 0 ? {} : { denied: [...this.#denied] }),
    };
  }
}
