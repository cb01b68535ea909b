/** A question to the person behind the client, by elicitation where the client has it; never longer than a call may take. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";

const TIMEOUT_MS = 40_000;

/** Undefined where the client cannot ask, or the person gave no answer in time. */
export async function confirmByUser(server: Server, question: string): Promise<boolean | undefined> {
  if (server.getClientCapabilities()?.elicitation === undefined) return undefined;
  const allow = { type: "boolean", title: "Allow it?", default: false } as const;
  const requestedSchema = { type: "object", properties: { allow }, required: ["allow"] } as const;
  try {
    const message = question.slice(0, 4_000);
    const form = { message, requestedSchema: { ...requestedSchema, required: ["allow"] } };
    const answer = await server.elicitInput(form, { timeout: TIMEOUT_MS });
    if (answer.action === "decline") return false;
    return answer.action === "accept" ? answer.content?.allow === true : undefined;
  } catch {
    return undefined;
  }
}
