/** The stdio transport: standard input and output belong to the protocol from here on. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createServer } from "./create-server.ts";
import type { ServerParts } from "./server-parts.ts";

/** Requests that are answered from what the server was made of; every other message waits until the core is loaded. */
const EARLY = ["initialize", "notifications/initialized", "ping", "tools/list", "prompts/list"];

/** Serves until the client goes away, and then calls `closed`. The orchestrator of `parts` is not touched before `ready`, which is called behind the first answer. */
export async function serveStdio(
  parts: ServerParts,
  { closed, ready }: { closed: () => void; ready: () => Promise<unknown> },
): Promise<void> {
  const server = createServer(parts);
  const ended = server.onclose;
  server.onclose = () => {
    ended?.();
    closed();
  };
  process.stdin.on("end", () => {
    void ready();
    closed();
  });
  const transport = new StdioServerTransport();
  const connected = server.connect(transport);
  const take = transport.onmessage;
  transport.onmessage = (message) => {
    if (!("method" in message && EARLY.includes(message.method))) {
      void ready().then(() => take?.(message));
      return;
    }
    take?.(message);
    setImmediate(ready);
  };
  await connected;
}
