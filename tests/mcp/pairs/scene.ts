/** One run in one state, with every call that can be sent to it: what the tests of pairs fire, and what brings the run to an end afterwards. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { Claim } from "../../rig/chat-work.ts";
import { HELD, type Rig } from "../../rig/rig.ts";
import { append, hold, type Step, sh } from "../../rig/steps.ts";
import type { CallAnswer, ChatClient } from "../mcp-client.ts";

export const CALLS = [
  ...["execute", "aggregate", "analyze", "plan", "decompose", "add", "extend", "claim", "submit"],
  ...["resolve", "pause", "cancel", "get", "ask"],
] as const;
export type Call = (typeof CALLS)[number];

/** `tag` tells the two calls of a pair from each other. */
type Tag = "first" | "second";

interface Answered {
  call: Call;
  tag: Tag;
  answer: CallAnswer;
}

export interface Stage {
  rig(): Rig;
  /** the server now; `restart` kills it and begins another */
  chat(): ChatClient;
  restart(): Promise<void>;
}

/** What an agent does to ask for one more file. */
const askFor = (file: string): Step[] => [
  sh(`printf '{"files":["${file}"],"reason":"needed"}' > "$FORKJOIN_SCOPE_REQUEST"`),
  { do: "exit", code: 1 },
];

/** A client's work, unless its workspace has gone meanwhile. */
function write({ workspace, task_id }: Claim): void {
  const name = task_id.slice(0, 1);
  if (existsSync(workspace)) writeFileSync(join(workspace, `${name}.txt`), `${name}\n${task_id}\n`);
}

const REQUEST = "Work";
/** What `next` leaves to the client or its user. */
const CHOICES: Record<string, (args: Record<string, unknown>) => Record<string, unknown>> = {
  get_run: () => ({ wait_seconds: 1 }),
  resolve_conflict: ({ conflict_id }) => ({ choice: String(conflict_id).startsWith("scope:") ? "grant" : "both" }),
};
const ATTEMPTS = [1, 2, 3, 4];

const INCLUDING_REPORT = { wait_seconds: 0, include: ["tasks", "report"] };

const Statuses = z.object({ tasks: z.array(z.object({ task_id: z.string(), status: z.string() })) });
const statusesOf = ({ report }: CallAnswer): z.infer<typeof Statuses>["tasks"] => Statuses.parse(report).tasks;

export class Scene {
  readonly stage: Stage;
  readonly number: number;
  run_id = "";
  /** every call with its answer, for whoever looks into a failure */
  readonly trace: string[] = [];
  /** tasks that may end without a result, in this state */
  readonly mayFail = new Set<string>();
  /** leases that this client holds, and what it has said about them */
  readonly #leases = new Map<string, Claim>();
  readonly #answered: Answered[] = [];
  #isPaused = false;
  #mine: Claim | undefined;
  #before: Promise<CallAnswer> | undefined;
  #isOver = false;

  constructor(stage: Stage, number: number) {
    this.stage = stage;
    this.number = number;
  }

  id(name: string): string {
    return `${name}${this.number}`;
  }

  get rig(): Rig {
    return this.stage.rig();
  }

  get chat(): ChatClient {
    return this.stage.chat();
  }

  tasks(): Record<string, unknown>[] {
    const of = (name: string, more: object = {}): Record<string, unknown> => {
      return { id: this.id(name), description: `Do ${name}`, files: [`${name}.txt`], ...more };
    };
    return [
      of("a"),
      of("c", { agent: "client" }),
      of("o", { agent: "client" }),
      of("b", { depends_on: [this.id("a")] }),
    ];
  }

  /** `a` is held in its first attempt, and everybody adds one line to the task's own file. */
  script(more: Record<string, Step[] | Step[][]> = {}): void {
    const line = (name: string): Step[] => [append(`${name}.txt`, `${this.id(name)}\n`)];
    this.rig.script({
      [this.id("a")]: [[hold, ...line("a")], line("a")],
      ...Object.fromEntries(["b", "x", "y"].map((name) => [this.id(name), line(name)])),
      ...more,
    });
  }

  async plan(tasks: Record<string, unknown>[] = this.tasks()): Promise<void> {
    this.script();
    const { run_id } = await this.call("decompose_work", { request: REQUEST, tasks });
    this.run_id = run_id ?? "";
    await this.call("analyze_dependencies");
    await this.call("plan_batches");
  }

  /** Every answer is looked through for words that no user can do anything with. */
  async call(tool: string, more: Record<string, unknown> = {}): Promise<CallAnswer> {
    const args = this.run_id === "" || "lease" in more ? more : { run_id: this.run_id, ...more };
    const answer = await this.chat.call(tool, args);
    this.trace.push(
      `${tool} ${JSON.stringify(args)}: ${answer.state ?? ""} ${answer.summary} → ${answer.next?.tool ?? ""}`,
    );
    const said = `${answer.summary} ${answer.error?.message} ${answer.error?.hint} ${answer.next?.why}`;
    expect(said, tool).not.toMatch(/\b(epoch|writer|owners?|owned|token|tak(en|es) over|took over)\b/i);
    expect(answer.error?.code, `${tool}: ${said}`).not.toBe("internal_error");
    if (answer.error !== undefined) expect(answer.error.hint, tool).not.toBe("");
    this.#keep(answer);
    return answer;
  }

  #keep(answer: CallAnswer): void {
    const claims = z.array(Claim).safeParse(answer.claims);
    for (const one of claims.success ? claims.data : []) this.#leases.set(one.lease, one);
    const one = Claim.safeParse(answer);
    if (one.success) this.#leases.set(one.data.lease, one.data);
  }

  /** Executes the first batch: `a` is held, `c` is in this client's hands, `o` is offered. */
  async execute(choice: "all" | undefined): Promise<void> {
    await this.call("execute_batch", choice === undefined ? {} : { batch_id: choice });
    await this.rig.control.held(this.id("a"));
    for (const one of [...this.#leases.values()]) {
      if (one.task_id === this.id("o")) await this.submit(one, "abandoned");
      else this.#mine = one;
    }
  }

  async submit(work: Claim, outcome: "done" | "abandoned"): Promise<void> {
    if (outcome === "done") write(work);
    this.#leases.delete(work.lease);
    await this.call("submit_task", { lease: work.lease, outcome });
  }

  async pause(): Promise<CallAnswer> {
    this.#isPaused = true;
    return this.call("pause_run");
  }

  /** Agents that are held, now or later, go on. */
  async release(...names: string[]): Promise<void> {
    const { control } = this.rig;
    for (const name of names) {
      for (const attempt of ATTEMPTS) {
        void control.held(name, attempt).then((agent) => (this.#isOver ? undefined : agent.release()));
      }
    }
  }

  /** A call that was sent before the pair, and is answered after it. */
  goesOn(call: Promise<CallAnswer>): void {
    this.#before = call;
  }

  /** What a pair is made of; an agent's own request is told by the agent's end. */
  async send(call: Call, tag: Tag): Promise<CallAnswer> {
    const answer = await this.#send(call, tag);
    this.#answered.push({ call, tag, answer });
    return answer;
  }

  async #send(call: Call, tag: Tag): Promise<CallAnswer> {
    const added = tag === "first" ? "x" : "y";
    const { control } = this.rig;
    switch (call) {
      case "execute":
        return this.call("execute_batch", { batch_id: "all" });
      case "aggregate":
        return this.call("aggregate_results");
      case "analyze":
        return this.call("analyze_dependencies", { same_file: "optimistic" });
      case "plan":
        return this.call("plan_batches");
      case "decompose":
        return this.call("decompose_work", { request: REQUEST, tasks: this.tasks() });
      case "add":
        return this.call("add_tasks", {
          tasks: [{ id: this.id(added), description: "More", files: [`${added}.txt`] }],
        });
      case "extend":
        return this.call("extend_scope", { task_id: this.id("b"), files: [`${added}.more`], reason: "needed" });
      case "claim":
        return this.call("claim_task");
      case "submit": {
        const work = this.#mine;
        if (work === undefined) return this.call("submit_task", { lease: "unknown", outcome: "done" });
        write(work);
        this.#leases.delete(work.lease);
        return this.call("submit_task", { lease: work.lease, outcome: "done" });
      }
      case "resolve":
        return this.call("resolve_conflict", { conflict_id: `${this.id("d")}:a.txt`, choice: "both" });
      case "pause":
        return this.pause();
      case "cancel":
        return this.call("cancel_run");
      case "get":
        return this.call("get_run", { wait_seconds: 0, include: ["results"] });
      case "ask": {
        const waiting = control.waiting.find((name) => /^[ab]\d+$/.test(name));
        for (const attempt of waiting === undefined ? [] : ATTEMPTS) {
          void control.held(waiting ?? "", attempt).then((agent) => agent.release(...askFor(`${added}.asked`)));
        }
        return { summary: "asked" };
      }
    }
  }

  /** Carries out what `next` names until nothing is named any more, doing what is this client's and its user's to do. */
  async finish(): Promise<CallAnswer> {
    await this.release(this.id("a"), this.id("b"), HELD);
    let answer = await this.call("get_run", { wait_seconds: 1 });
    for (let steps = 0; steps < 40; steps += 1) {
      for (const work of [...this.#leases.values()]) await this.submit(work, "done");
      if (answer.state === "executing") await this.call("claim_task");
      if (answer.next === undefined && answer.state !== undefined) return answer;
      const { tool, arguments: args } = answer.next ?? { tool: "get_run", arguments: {} };
      answer = await this.call(tool, { ...args, ...CHOICES[tool]?.(args) });
    }
    throw new Error(`never ends: ${JSON.stringify(answer)}`);
  }

  /** Nothing is lost, nothing is left. */
  async expectWhole(end: CallAnswer): Promise<void> {
    await this.#before;
    this.#isOver = true;
    const said = this.#answered;
    const was = (call: Call): Answered[] => said.filter((one) => one.call === call && one.answer.error === undefined);
    const state = was("cancel").length > 0 ? "cancelled" : "complete";
    const refused = said.filter((one) => one.call === "cancel" && one.answer.error !== undefined);
    if (end.state !== "complete") expect(refused).toEqual([]);
    if (end.state !== "complete" || !said.some(({ call }) => call === "aggregate")) expect(end.state).toBe(state);
    const whole = await this.#goOn(await this.call("get_run", INCLUDING_REPORT));
    const ids = z
      .array(z.object({ id: z.string() }))
      .parse(whole.tasks)
      .map(({ id }) => id);
    const isReplaced = was("decompose").length > 0 || end.state === "cancelled";
    for (const { tag } of isReplaced ? [] : was("add")) {
      expect(ids).toContain(this.id(tag === "first" ? "x" : "y"));
    }
    if (end.state === "complete") this.#expectLanded(ids, whole);
    this.#expectNothingLeft();
  }

  /** What was done of a paused run may be reported; the rest can still be done afterwards. */
  async #goOn(whole: CallAnswer): Promise<CallAnswer> {
    if (!this.#isPaused || whole.state !== "complete") return whole;
    if (!statusesOf(whole).some(({ status }) => status === "pending")) return whole;
    this.#isOver = false;
    await this.call("execute_batch", { batch_id: "all" });
    await this.finish();
    this.#isOver = true;
    return this.call("get_run", INCLUDING_REPORT);
  }

  #expectLanded(ids: string[], whole: CallAnswer): void {
    const tasks = statusesOf(whole);
    expect(tasks.map(({ task_id }) => task_id).sort()).toEqual([...ids].sort());
    for (const { task_id, status } of tasks) {
      if (status === "failed" && this.mayFail.has(task_id)) continue;
      expect([task_id, status]).toEqual([task_id, "success"]);
      const name = task_id[0] === "d" ? "a" : task_id[0];
      expect(this.rig.show(`forkjoin/${this.run_id}`, `${name}.txt`)?.split("\n")).toContain(task_id);
    }
  }

  #expectNothingLeft(): void {
    const { rig } = this;
    expect(rig.workspaces()).not.toContain(this.run_id);
    const own = [`${this.chat.pid} `];
    expect(rig.processes().filter((line) => !own.some((pid) => line.startsWith(pid)))).toEqual([]);
  }
}
