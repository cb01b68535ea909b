/** The stdio transport: standard input and output belong to the protocol from here on. */
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createServer } from "./create-server.ts";
import type { ServerParts } from "./server-parts.ts";

/** Serves until the client goes away, and then calls `closed`. */
export async function serveStdio(parts: ServerParts, closed: () => void): Promise<void> {
  const server = createServer(parts);
  const ended = server.onclose;
  server.onclose = () => {
    ended?.();
    closed();
  };
  process.stdin.on("end", closed);
  await server.connect(new StdioServerTransport());
}
