/** A chat client over stdio: the official SDK's client against the real server process. */
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { type ClientCapabilities, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Rig } from "../rig/rig.ts";

const SERVER = fileURLToPath(new URL("../../dist/server.js", import.meta.url));

const Result = z.looseObject({
  isError: z.boolean().optional(),
  structuredContent: z.looseObject({
    summary: z.string(),
    run_id: z.string().optional(),
    next: z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()), why: z.string() }).optional(),
    error: z
      .object({ code: z.string(), message: z.string(), hint: z.string(), problems: z.unknown().optional() })
      .optional(),
  }),
  content: z.array(z.object({ type: z.literal("text"), text: z.string() })),
});
export type CallAnswer = z.infer<typeof Result>["structuredContent"];

export class ChatClient {
  readonly client: Client;
  readonly progress: string[] = [];
  #transport: StdioClientTransport;

  private constructor(transport: StdioClientTransport, capabilities: ClientCapabilities) {
    this.#transport = transport;
    this.client = new Client({ name: "tests", version: "1.0.0" }, { capabilities });
  }

  /** To a server that is up as a whole: its first answer comes before it has cleaned up after the dead, this one after it. */
  static async connect(rig: Rig, ...options: string[]): Promise<ChatClient> {
    const chat = ChatClient.#of(rig, options, {});
    await chat.client.connect(chat.#transport);
    await chat.client.listResources();
    return chat;
  }

  /** A client whose user can be asked: `answer` says yes, no, one of the choices, or nothing. */
  static async withUser(rig: Rig, answer: (question: string) => boolean | string | undefined): Promise<ChatClient> {
    const chat = ChatClient.#of(rig, [], { elicitation: {} });
    chat.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      const said = answer(params.message);
      if (said === undefined) return { action: "cancel" };
      return { action: "accept", content: typeof said === "string" ? { choice: said } : { allow: said } };
    });
    await chat.client.connect(chat.#transport);
    return chat;
  }

  static #of(rig: Rig, options: string[], capabilities: ClientCapabilities): ChatClient {
    rig.photograph();
    const env = { PATH: process.env.PATH ?? "", HOME: `${rig.folder}/user`, FORKJOIN_HOME: rig.home, ...rig.env };
    const args = [SERVER, "--repo", rig.repository, "--config", rig.configFile, ...options];
    const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: "pipe" });
    return new ChatClient(transport, capabilities);
  }

  /** The structured answer; the text must say the same. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<CallAnswer> {
    const onprogress = ({ message }: { message?: string | undefined }): void => void this.progress.push(message ?? "");
    const raw = await this.client.callTool({ name, arguments: args }, undefined, { onprogress });
    const result = Result.parse(raw);
    const text = result.content.map((part) => part.text).join("");
    if (!isDeepStrictEqual(JSON.parse(text), raw.structuredContent))
      throw new Error(`text and structure differ in ${name}`);
    if ((result.isError ?? false) !== (result.structuredContent.error !== undefined))
      throw new Error("isError without error");
    return result.structuredContent;
  }

  async read(uri: string): Promise<string> {
    const { contents } = await this.client.readResource({ uri });
    return z.array(z.looseObject({ text: z.string() })).parse(contents)[0]?.text ?? "";
  }

  get pid(): number {
    return this.#transport.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}
