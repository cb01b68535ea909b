/** The MCP server: tools, resources and prompts registered from values; no state of its own, nothing kept in the connection. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { ToolContext } from "../tools/define-tool.ts";
import { coreTools, furtherTools } from "../tools/index.ts";
import { callTool } from "./call-tool.ts";
import { chooseByUser } from "./choose-by-user.ts";
import { completePrompt } from "./complete-prompt.ts";
import { confirmByUser } from "./confirm-by-user.ts";
import { missingArgument, prompts } from "./prompts.ts";
import { completeVariable, listResources, readResource, templates } from "./resources.ts";
import type { ServerParts } from "./server-parts.ts";
import { registerSubscriptions } from "./subscriptions.ts";
import { type Waiter, waitForRun } from "./wait-for-run.ts";
import { wireTool } from "./wire-tool.ts";

const INSTRUCTIONS =
  "Forkjoin runs many coding agents on one repository at once and joins their work into one tested branch. Use it for work that splits into several changes to different files; a single small change is faster without it. Order: load_knowledge (optional), decompose_work, analyze_dependencies, plan_batches, execute_batch, aggregate_results. Every answer has `summary`, and `next` names the usual next call; get_run waits for running work. Conflicts are decided by the user, not by you.";

export function createServer(parts: ServerParts): Server {
  const server = new Server(
    { name: "forkjoin-mcp", title: "Forkjoin", version: parts.version },
    {
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} },
      instructions: INSTRUCTIONS,
    },
  );
  registerTools(server, parts);
  registerResources(server, parts);
  registerPrompts(server);
  registerSubscriptions(server, parts);
  return server;
}

function registerTools(server: Server, parts: ServerParts): void {
  const tools = parts.toolset === "all" ? [...coreTools, ...furtherTools] : coreTools;
  const offered = tools.filter((tool) => !parts.readOnly || tool.annotations.readOnlyHint);
  const listed = { tools: offered.map(wireTool) };
  server.setRequestHandler(ListToolsRequestSchema, () => listed);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = offered.find((candidate) => candidate.name === plainName(params.name));
    if (tool === undefined) {
      const known = offered.map((candidate) => candidate.name).join(", ");
      throw new McpError(ErrorCode.InvalidParams, `no tool ${JSON.stringify(params.name)}; tools: ${known}`);
    }
    const token = extra._meta?.progressToken;
    const waiter: Waiter = {
      signal: extra.signal,
      // The protocol wants a rising number, so what is counted is the notifications themselves.
      progress(progress, message) {
        if (token === undefined) return;
        const notification = { progressToken: token, progress, message };
        extra.sendNotification({ method: "notifications/progress", params: notification }).catch(() => undefined);
      },
    };
    const choose: ToolContext["choose"] = (question, choices) => chooseByUser(server, question, choices);
    const confirm = (question: string): Promise<boolean | undefined> => confirmByUser(server, question);
    return callTool(tool, params.arguments, { ...toolContext(parts, waiter), choose, confirm });
  });
}

/** `forkjoin__Get-Run` → `get_run`: prefixes and spellings that clients add. */
function plainName(name: string): string {
  const plain = name.toLowerCase().replace(/[-\s]/g, "_");
  return plain.replace(/^(mcp__)?forkjoin(_mcp)?_+/, "");
}

function toolContext(parts: ServerParts, waiter: Waiter): Omit<ToolContext, "choose" | "confirm"> {
  return {
    orchestrator: parts.orchestrator,
    defaultRepository: parts.defaultRepository,
    readTaskFiles: parts.readTaskFiles,
    readLog: parts.readLog,
    wait: (run_id, seconds) => waitForRun({ run_id, seconds }, parts, waiter),
  };
}

function registerResources(server: Server, parts: ServerParts): void {
  server.setRequestHandler(ListResourcesRequestSchema, async () => ({ resources: await listResources(parts) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: templates }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params }) => {
    const content = await readResource(params.uri, parts);
    if (content.ok) return { contents: [content.value] };
    throw new McpError(ErrorCode.InvalidParams, `${content.error.message}; ${content.error.hint}`, { uri: params.uri });
  });
  server.setRequestHandler(CompleteRequestSchema, async ({ params }) => {
    const given = params.context?.arguments ?? {};
    const { name, value } = params.argument;
    const values =
      params.ref.type === "ref/resource"
        ? await completeVariable(name, value, { parts, given })
        : await completePrompt(params.ref.name, { name, value }, { parts, given });
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

function registerPrompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => {
    return { prompts: prompts.map(({ text: _, workflow: __, ...shown }) => shown) };
  });
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts.find((candidate) => candidate.name === params.name);
    if (prompt === undefined) {
      const names = prompts.map((candidate) => candidate.name).join(", ");
      throw new McpError(ErrorCode.InvalidParams, `no prompt ${JSON.stringify(params.name)}; prompts: ${names}`);
    }
    const given = params.arguments ?? {};
    const missing = missingArgument(prompt, given);
    if (missing !== undefined) {
      const message = `prompt ${prompt.name}: argument ${missing} is missing`;
      throw new McpError(ErrorCode.InvalidParams, message);
    }
    const text = prompt.text(given);
    return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
  });
}
