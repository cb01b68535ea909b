/** Resources a client wants to hear of: knowledge that changes on disk, runs that this server works on. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ErrorCode,
  McpError,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { decode } from "./resources.ts";
import type { ServerParts } from "./server-parts.ts";

/** Handlers of subscriptions, which end with the connection. */
export function registerSubscriptions(server: Server, parts: ServerParts): void {
  const stops = new Map<string, () => void>();
  const stop = (uri: string): void => {
    stops.get(uri)?.();
    stops.delete(uri);
  };
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    const tell = (): void => void server.sendResourceUpdated({ uri }).catch(() => undefined);
    const begun = watchResource(uri, parts, tell);
    if (begun === undefined) {
      throw new McpError(
        ErrorCode.InvalidParams,
        `${uri} cannot be subscribed to; use a knowledge:// or run:// resource`,
      );
    }
    stop(uri);
    stops.set(uri, begun);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    stop(uri);
    return {};
  });
  server.onclose = () => {
    for (const uri of [...stops.keys()]) stop(uri);
  };
}

function watchResource(uri: string, parts: ServerParts, tell: () => void): (() => void) | undefined {
  const knowledge = parts.orchestrator.sources.knowledge(parts.defaultRepository);
  const file = /^knowledge:\/\/files\/(.+)$/.exec(uri)?.[1];
  if (file !== undefined) return knowledge.watch({ path: decode(file) }, tell);
  if (uri === "knowledge://graph" || uri.startsWith("knowledge://task-types/"))
    return knowledge.watch({ graph: true }, tell);
  const run = /^run:\/\/([^/]+)/.exec(uri)?.[1];
  if (run === undefined || !parts.orchestrator.view(run).ok) return undefined;
  return parts.watch((of) => {
    if (of === run) tell();
  });
}
