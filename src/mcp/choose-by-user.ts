/** A choice put to the person behind the client, by elicitation where the client has it; never longer than a call may take. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";

const TIMEOUT_MS = 40_000;
const MOST_SHOWN = 4_000;

/** Undefined where the client cannot ask, or the person gave no answer in time. */
export async function chooseByUser(
  server: Server,
  question: string,
  choices: readonly string[],
): Promise<string | undefined> {
  if (server.getClientCapabilities()?.elicitation === undefined) return undefined;
  const choice = { type: "string" as const, title: "Your decision", enum: [...choices] };
  const requestedSchema = { type: "object" as const, properties: { choice }, required: ["choice"] };
  try {
    const form = { message: question.slice(0, MOST_SHOWN), requestedSchema };
    const answer = await server.elicitInput(form, { timeout: TIMEOUT_MS });
    const said = answer.action === "accept" ? answer.content?.choice : undefined;
    return choices.find((known) => known === said);
  } catch {
    return undefined;
  }
}
