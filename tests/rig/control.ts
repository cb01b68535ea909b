/** The loopback socket on which held agents report: a test sees exactly who waits, and releases whom it wants, without any sleep. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Step } from "./steps.ts";

const Report = z.object({
  task: z.string(),
  attempt: z.number(),
  pid: z.number(),
  directory: z.string(),
  brief: z.string(),
});

export interface HeldAgent extends z.infer<typeof Report> {
  /** The agent does these steps, then the rest of its script. */
  release(...steps: Step[]): void;
}

export class Control {
  readonly port: number;
  /** most agents that were held at the same time */
  peak = 0;
  readonly #server: Server;
  readonly #waiting = new Set<HeldAgent>();
  #watchers: (() => void)[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on("connection", (socket) => this.#listen(socket));
  }

  static async open(): Promise<Control> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref();
    return new Control(server, (server.address() as AddressInfo).port);
  }

  /** Agents that are held now, by task. */
  get waiting(): string[] {
    return [...this.#waiting].map((agent) => agent.task).sort();
  }

  /** The agent of that task and attempt, once it is held. */
  async held(task: string, attempt = 1): Promise<HeldAgent> {
    for (;;) {
      const found = [...this.#waiting].find((agent) => agent.task === task && agent.attempt === attempt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  async all(...tasks: string[]): Promise<HeldAgent[]> {
    return Promise.all(tasks.map((task) => this.held(task)));
  }

  close(): void {
    this.#server.close();
  }

  #listen(socket: Socket): void {
    socket.unref();
    socket.on("error", () => undefined);
    const lines = createInterface({ input: socket });
    lines.on("error", () => undefined);
    lines.once("line", (line) => {
      const agent: HeldAgent = {
        ...Report.parse(JSON.parse(line)),
        release: (...steps) => {
          this.#waiting.delete(agent);
          socket.write(`${JSON.stringify(steps)}\n`);
        },
      };
      socket.once("close", () => this.#waiting.delete(agent));
      this.#waiting.add(agent);
      this.peak = Math.max(this.peak, this.#waiting.size);
      for (const wake of this.#watchers.splice(0)) wake();
    });
  }
}
